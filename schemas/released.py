"""What was released stays: a folder per release, its check sums, and today's schemas compared with all of it."""

import re
from hashlib import sha256
from pathlib import Path

import orjson

from schemas.compatible import changes
from schemas.sources import FOLDER

RELEASED = FOLDER / "released"
SUMS = "SHA256SUMS"
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def contracts(files: dict[str, str]) -> dict[str, str]:
    """Of all generated files those that are released: the envelope and the events, without examples. Name -> text."""
    chosen = {name: text for name, text in files.items() if name.startswith("events/") or name == "envelope.v1.json"}
    return {name.removeprefix("events/"): text for name, text in chosen.items() if not name.endswith("example.json")}


def touched(folder: Path = RELEASED) -> list[str]:
    """What is wrong with the released files: each must be there, unchanged, and nothing beside them."""
    listed, present = _sums(folder), set(_present(folder))
    wrong = [f"{name}: it was released and is gone" for name in sorted(listed.keys() - present)]
    wrong += [f"{name}: it is not in {SUMS}; only `python -m schemas release` adds" for name in present - listed.keys()]
    for name in sorted(listed.keys() & present):
        if sha256((folder / name).read_bytes()).hexdigest() != listed[name]:
            wrong.append(f"{name}: it was released and has changed; put it back, and add a new version instead")
    return sorted(wrong)


def broken(files: dict[str, str], folder: Path = RELEASED) -> tuple[list[str], list[str]]:
    """What today's schemas break of any release, and what is new for readers but allowed."""
    current = contracts(files)
    breaks: list[str] = []
    notices: list[str] = []
    for place in _present(folder):
        release, _, name = place.partition("/")
        if name not in current:
            breaks.append(f"{name}: {release} has it and it is gone; who reads it is not asked")
            continue
        for change in changes(orjson.loads((folder / place).read_bytes()), orjson.loads(current[name])):
            (breaks if change.breaks else notices).append(f"{name} ({release}): {change}")
    return breaks, notices


def release(version: str, files: dict[str, str], folder: Path = RELEASED) -> list[str]:
    """Keeps today's schemas as a release. Says why not, and then does nothing."""
    if not _VERSION.fullmatch(version):
        return [f"{version}: a release is named like 1.2.0"]
    if (folder / version).exists():
        return [f"{version}: it was released already, and what was released stays"]
    if trouble := touched(folder) + broken(files, folder)[0]:
        return trouble
    (folder / version).mkdir(parents=True)
    sums = _sums(folder)
    for name, text in contracts(files).items():
        (folder / version / name).write_text(text)
        sums[f"{version}/{name}"] = sha256(text.encode()).hexdigest()
    (folder / SUMS).write_text("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))
    return []


def _sums(folder: Path) -> dict[str, str]:
    """Released file -> its check sum, as `sha256sum --check` reads them."""
    place = folder / SUMS
    pairs = [line.split("  ", 1) for line in place.read_text().splitlines()] if place.is_file() else []
    return {name: value for value, name in pairs}


def _present(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.glob("*/*"))
