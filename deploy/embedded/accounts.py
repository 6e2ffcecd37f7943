"""PostgreSQL refuses to run as root: as root it runs as an account of its own, which may reach just what it needs."""

import os
import pwd
import stat
import subprocess
from pathlib import Path

from deploy.embedded.parts import Halt

ACCOUNT = "pgserver"
Owner = tuple[int, int] | None


def unprivileged() -> Owner:
    """uid and gid to run as; None when we are not root. Makes the account the first time."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        entry = _made()
    return entry.pw_uid, entry.pw_gid


def _made() -> pwd.struct_passwd:
    argv = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", ACCOUNT]
    try:
        subprocess.run(argv, check=True, capture_output=True, timeout=30)
        return pwd.getpwnam(ACCOUNT)
    except (OSError, subprocess.SubprocessError, KeyError):
        return _nobody()


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise Halt(
            f"PostgreSQL kan niet als root draaien en het account {ACCOUNT} kon niet worden gemaakt: "
            "start als een gewone gebruiker.",
            f"PostgreSQL cannot run as root and the account {ACCOUNT} could not be made: start as an ordinary user.",
        ) from None


def let_in(owner: Owner, programs: Path, folder: Path) -> None:
    """As root: lets the account pass to the programs and the data, and read the programs. Nothing more is opened."""
    if owner is None:
        return
    for above in {*programs.parents, folder, *folder.parents}:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
    if not _readable(programs / "bin" / "postgres") or not _readable(programs):
        for file in [programs, *programs.rglob("*")]:
            mode = stat.S_IMODE(file.stat().st_mode)
            file.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _readable(path: Path) -> bool:
    needed = stat.S_IROTH | stat.S_IXOTH
    return path.stat().st_mode & needed == needed


def own_folder(owner: Owner, folder: Path) -> None:
    """Makes a folder that is that account's alone (0700). Raises Halt when it is there and somebody else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    uid, gid = owner or (os.geteuid(), os.getegid())
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (uid, os.geteuid()):
        raise Halt(
            f"De map {folder} is van een ander account: verwijder die map en start opnieuw.",
            f"The folder {folder} belongs to another account: remove it and start again.",
        )
    if found.st_uid != uid:
        os.chown(folder, uid, gid)
    folder.chmod(0o700)
