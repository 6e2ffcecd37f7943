"""What the log does not know and the municipality does: wage value, ability to work, reason of ending, per facility."""

import csv
import io
import re
from pathlib import Path

from overdracht.output import USAGE, Stop
from overdracht.srg.joining import Supplements

COLUMNS = {
    "registratienummer": "registration",
    "arbeidsvermogen": "ability",
    "loonwaarde": "wage_value",
    "reden_beeindiging": "end_reason",
}
"""The columns of the file, of which only the first has to be there."""
_CODE = re.compile("[0-9]{1,3}")


def read(path: Path) -> Supplements:
    """The file: semicolons, a line of names first. Raises Stop that says where it is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as trouble:
        raise _wrong(path, "niet te lezen", f"cannot be read ({type(trouble).__name__})") from None
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    names = list(lines.fieldnames or ())
    if "registratienummer" not in names or not set(names) <= COLUMNS.keys() or len(set(names)) < len(names):
        known = ", ".join(COLUMNS)
        raise _wrong(path, f"de kolommen zijn niet {known}", f"the columns are not {known}")
    found: dict[str, dict[str, str]] = {}
    for number, line in enumerate(lines, 2):
        values = {COLUMNS[name]: (line.get(name) or "").strip() for name in names}
        registration = values.pop("registration")
        if None in line or not registration or registration in found or not all(map(_sound, values.values())):
            raise _wrong(path, f"regel {number} klopt niet", f"line {number} is not right")
        found[registration] = {name: value for name, value in values.items() if value}
    return found


def _sound(value: str) -> bool:
    return value == "" or _CODE.fullmatch(value) is not None


def _wrong(path: Path, nl: str, en: str) -> Stop:
    return Stop(f"Aanvulling {path.name}: {nl}.", f"supplement {path.name}: {en}", USAGE)
