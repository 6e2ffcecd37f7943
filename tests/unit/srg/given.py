"""Small lakes about a few people, and deliveries with one thing about them changed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import orjson

from overdracht.srg.model import Delivery, Record, fields_of
from services.insight.lake.opening import script
from services.insight.srg.facilities import Facility, facilities
from services.insight.srg.fields import fields_told
from services.insight.srg.mapping import Translations, translations
from services.insight.srg.naming import names_of
from services.insight.srg.rows import Row, header, rows
from services.insight.srg.translating import Translation
from shared.ids import from_number
from shared.months import month_of
from tests.builders import ID_KEY
from tests.lakes import KEY, case, event, fill, opened_lake
from tests.leiden_log import topics

HERE = "GM0546"
BSNS = ("999990342", "999993653", "999992934", "000000024")
"""Numbers that public bodies publish for testing; and any of 9999xxxxx that passes."""
NAMES = names_of(KEY)
MAPPING = translations()
SERVICES = {
    "application_received": "intake", "benefit_ended": "intake", "case_closed": "intake",
    "plan_agreed": "outcome", "intervention_started": "outcome", "intervention_ended": "outcome",
    "job_started": "outcome", "job_started_corrected": "outcome", "job_ended": "outcome",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A fact of somebody's case, on a day."""

    fact: str
    at: str
    number: int = 1
    own: dict[str, Any] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """The day, at noon; or the moment that was given."""
        return datetime.fromisoformat(self.at if "T" in self.at else f"{self.at}T12:00:00+00:00")


def an_id(kind: str, number: int | str) -> str:
    """An id."""
    return from_number(ID_KEY, HERE, kind, str(number))


def sent(at: str, number: int = 1, name: str = "1", **own: Any) -> Said:
    """A referral."""
    usual = {
        "referral_id": an_id("referral", f"{number}-{name}"), "from_organisation": "org-gm0546",
        "to_organisation": "org-rw", "trajectory": "reintegration", "goal": "paid_work", "factors": [], "warm": False,
        "respond_by": at[:10], "start_by": at[:10], "sequence_in_case": 1,
    }  # fmt: skip
    return Said("referral_sent", at, number, usual | own)


def about(fact: str, at: str, number: int = 1, name: str = "1", **own: Any) -> Said:
    """What became of it."""
    return Said(fact, at, number, {"referral_id": an_id("referral", f"{number}-{name}")} | own)


def accepted(at: str, number: int = 1, name: str = "1") -> Said:
    """The provider took the citizen on."""
    return about("referral_accepted", at, number, name, coach="co-1", first_contact_on=at[:10])


def handed_off(at: str, number: int = 1, name: str = "1", **own: Any) -> list[Said]:
    """Sent and accepted on one day."""
    return [sent(at, number, name, **own), accepted(at, number, name)]


def returned(
    at: str, number: int = 1, name: str = "1", tried: tuple[str, ...] = (), phase: str = "after_start"
) -> Said:
    """The citizen came back."""
    reasons = [{"code": "person.debts", "primary": True}]
    return about("referral_returned", at, number, name, phase=phase, reasons=reasons, tried=list(tried))


def plan(at: str, number: int = 1, referral: str | None = "1", goal: str = "1", name: str = "1") -> Said:
    """A plan with one goal; of a referral, or of none that is named."""
    own: dict[str, Any] = {"plan_id": an_id("plan", f"{number}-{name}")}
    own["goals"] = [{"goal_id": an_id("goal", f"{number}-{goal}"), "life_area": "work", "factor": "skills"}]
    if referral is not None:
        own["referral_id"] = an_id("referral", f"{number}-{referral}")
    return Said("plan_agreed", at, number, own)


def instrument(
    at: str, number: int = 1, code: str = "language_course", name: str = "1", goal: str | None = None
) -> Said:
    """An instrument put to work."""
    own: dict[str, Any] = {"intervention_id": an_id("intervention", f"{number}-{name}"), "instrument": code}
    if goal is not None:
        own["goal_id"] = an_id("goal", f"{number}-{goal}")
    return Said("intervention_started", at, number, own | {"factors": []})


def stopped(at: str, number: int = 1, name: str = "1", result: str = "completed") -> Said:
    """The instrument is no longer used."""
    own = {"intervention_id": an_id("intervention", f"{number}-{name}"), "result": result}
    return Said("intervention_ended", at, number, own)


def job(at: str, *instruments: str, number: int = 1, name: str = "1", contract: str = "fixed") -> Said:
    """Work, with what the employer gets."""
    own = {"job_id": an_id("job", f"{number}-{name}"), "hours_per_week": 32, "contract": contract}
    return Said("job_started", at, number, own | {"employer_instruments": list(instruments)})


def job_ended(at: str, number: int = 1, name: str = "1", reason: str = "contract_ended") -> Said:
    """The work is over."""
    return Said("job_ended", at, number, {"job_id": an_id("job", f"{number}-{name}"), "reason": reason})


def lake(folder: Path, *said: Said | Iterable[Said], municipality: str = HERE) -> Path:
    """A lake that holds these facts, heard in this order."""
    counts: Counter[str] = Counter()
    lake = opened_lake(folder)
    events: dict[str, list[Any]] = {}
    for one in _flat(said):
        service = SERVICES.get(one.fact, "referral")
        counts[service] += 1
        made = event(counts[service], one.fact, number=one.number, service=service, at=one.moment, **one.own)
        data = orjson.loads(made.data) | {"municipality": municipality}
        events.setdefault(service, []).append(replace(made, data=orjson.dumps(data)))
    fill(lake, topics(events))
    lake.close()
    return folder


def _flat(said: Iterable[Said | Iterable[Said]]) -> list[Said]:
    return [two for one in said for two in ([one] if isinstance(one, Said) else one)]


@cache
def _views() -> duckdb.DuckDBPyConnection:
    """The views of the lake on a table, made once: making them takes longer than all that a test does with them."""
    connection = duckdb.connect()
    with TemporaryDirectory() as folder:
        opened_lake(Path(folder) / "lake").close()
        connection.execute("SET VARIABLE lake = ?", [f"{folder}/lake"])
        events, views = script()
        connection.execute(events)
        connection.execute("CREATE TEMP TABLE held AS SELECT * FROM events LIMIT 0")
    connection.execute("CREATE TEMP VIEW events AS SELECT * FROM held")
    connection.execute(views)
    return connection


def holding(folder: Path) -> duckdb.DuckDBPyConnection:
    """The views on what is in this lake."""
    connection = _views()
    connection.execute("DELETE FROM held")
    connection.execute(f"""INSERT INTO held BY NAME SELECT * FROM read_parquet('{folder}/events/month=*/*.parquet',
        hive_partitioning = true, hive_types_autocast = false, union_by_name = true)""")
    return connection


def found(folder: Path, translation: Translation = MAPPING.usual, municipality: str = HERE) -> list[Facility]:
    """The facilities of a lake."""
    return facilities(holding(folder), municipality, translation)


def rows_of(folder: Path, month: str, translation: Translation = MAPPING.usual, municipality: str = HERE) -> list[Row]:
    """The rows of a month of a lake."""
    return rows(found(folder, translation, municipality), translation, NAMES, municipality, month_of(month))


def person(number: int = 1, municipality: str = HERE) -> str:
    """What the citizen of a case is called in the rows."""
    return NAMES.person_of(municipality, case(number))


def mapped(**usual: Any) -> Translation:
    """The usual mapping with something said otherwise."""
    return replace(MAPPING.usual, **usual)


def reporting(municipality: str = HERE) -> Translations:
    """The usual mapping, and a reporter's code for this municipality."""
    return Translations(MAPPING.usual, {municipality: mapped(reporter="0546")})


VALUES = {
    "bsn": BSNS[0], "birth_date": "19750412", "sex": "2", "ability": "40", "purpose": "1",
    "registration": "BCDFGHJKLMNPQRS", "type": "42", "description": "Taalcursus", "begin": "20160502",
}  # fmt: skip


def record(mark: str = "m", known: bool = True, **changes: str | None) -> Record:
    """A sound record, with something changed; None takes it away."""
    values = {name: value for name, value in {**VALUES, **changes}.items() if value is not None}
    return Record(values, mark, known)


def delivery(*some: Record, of: str = "2016-05", **changes: str | None) -> Delivery:
    """A delivery of May 2016, of these records or of one that is sound; changes are of its header."""
    translation = mapped(reporter="0546")
    values = header(translation, HERE, month_of(of)) | changes
    return Delivery(
        HERE, of, fields_of(fields_told()), _elements(translation),
        {name: value for name, value in values.items() if value is not None}, some or (record(),),
        translation.wage_value_for, translation.end_reason_for,
    )  # fmt: skip


def _elements(translation: Translation) -> dict[str, Any]:
    names = translation.elements
    return {
        "root": names.root, "header": names.header, "record": names.record, "groups": dict(names.groups),
        "fields": dict(names.fields),
    }  # fmt: skip


TODAY = date(2016, 6, 10)
NOON = datetime(2016, 6, 10, 12, tzinfo=UTC)
MAY: list[Said] = [
    *handed_off("2016-03-20"),
    plan("2016-05-03"),
    instrument("2016-05-04"),
    *handed_off("2016-05-25", 2, trajectory="participation", goal="structured_day"),
    job("2016-05-10", "wage_cost_subsidy", number=3),
]
"""What became of three people until the end of May."""
