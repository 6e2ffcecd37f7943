"""A delivery from end to end: rows of insight, people of intake, files for their owner, corrections that tell."""

import csv
import io
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from overdracht.doors import Away
from overdracht.output import Stop
from overdracht.srg.making import Wish, made
from services.insight.lake.pseudonyms import Pseudonyms
from services.insight.srg.answers import Statistics
from tests.lakes import KEY, case
from tests.unit.srg.doors import PEOPLE, Behind, opened
from tests.unit.srg.given import (
    BSNS,
    HERE,
    MAY,
    NAMES,
    TODAY,
    Said,
    an_id,
    job,
    lake,
    plan,
    reporting,
    returned,
)

COURSE = Pseudonyms(KEY).number(an_id("intervention", "1-1"))


@pytest.fixture(scope="module")
def shared_lake(tmp_path_factory: pytest.TempPathFactory) -> Behind:
    return Behind(Statistics(lake(tmp_path_factory.mktemp("srg") / "lake", MAY), KEY, reporting()), {})


@pytest.fixture
def behind(shared_lake: Behind) -> Behind:
    return replace(shared_lake, people=dict(PEOPLE), read=[], asked=[])


def heard(behind: Behind, folder: Path, *more: Said) -> Behind:
    """The same doors, when more was heard."""
    return replace(behind, given=replace(behind.given, lake=lake(folder, MAY, *more)))


def wish(tmp_path: Path, **changes: Any) -> Wish:
    return Wish(**({"municipality": HERE, "month": "2016-05", "folder": tmp_path / "out"} | changes))


async def make(behind: Behind, wanted: Wish, today: date = TODAY) -> dict[str, Any]:
    """The reports by month."""
    async with opened(behind) as doors:
        return {one["month"]: one for one in await made(doors, wanted, today)}


def files(wanted: Wish, ending: str) -> dict[str, bytes]:
    return {path.name.removeprefix("srg-GM0546-"): path.read_bytes() for path in wanted.folder.glob(f"*{ending}")}


def delivered(wanted: Wish, month: str = "2016-05") -> list[dict[str, str]]:
    text = files(wanted, ".csv")[f"{month}.csv"].decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


async def test_a_month_and_the_three_before_it_are_delivered_each_with_a_report(behind: Behind, tmp_path: Path) -> None:
    wanted = wish(tmp_path)
    reports = await make(behind, wanted)
    assert {month: (one["rows"], one["people"]) for month, one in reports.items()} == {
        "2016-02": (0, 0),
        "2016-03": (1, 1),
        "2016-04": (1, 1),
        "2016-05": (4, 3),
    }
    told = {(one["Burgerservicenummer"], one["TypeVoorziening"]): one for one in delivered(wanted)}
    assert set(told) == {(BSNS[0], "40"), (BSNS[0], "42"), (BSNS[1], "60"), (BSNS[2], "10")}
    assert told[BSNS[0], "42"] == {
        "Statistiekjaar": "2016", "Statistiekmaand": "05", "Statistiekcode": "10", "NaamSoftwarepakket": "and",
        "ReleaseVersienummerSoftwarepakket": "0.1.0", "Gemeentecode": "0546", "Berichtgevercode": "0546",
        "Burgerservicenummer": BSNS[0], "Geboortedatum": "19750412", "Geslacht": "2", "Arbeidsvermogen": "40",
        "DoelInzetVoorzieningen": "1", "RegistratienummerVoorziening": NAMES.registration(HERE, "intervention", COURSE),
        "TypeVoorziening": "42", "OmschrijvingTypeVoorziening": "Taalcursus", "BegindatumVoorziening": "20160504",
        "EinddatumVoorziening": "", "Loonwaarde": "", "RedenBeeindiging": "",
    }  # fmt: skip
    assert told[BSNS[1], "60"]["DoelInzetVoorzieningen"] == "2"
    assert told[BSNS[2], "10"]["Geslacht"] == "3"
    assert sorted(files(wanted, "")) == sorted(
        f"{month}{ending}"
        for month in reports
        for ending in (".xml", ".csv", "-verslag.json", "-verslag.txt", "-afdruk.json")
    )


async def test_only_people_of_the_delivery_are_read_and_insight_hears_of_nobody(behind: Behind, tmp_path: Path) -> None:
    await make(behind, wish(tmp_path))
    assert sorted(behind.read) == sorted([case(1), case(2), case(3)])
    assert behind.asked.count("intake /v1/statistics/people") == 1


async def test_an_empty_month_reads_nobody_and_says_so(behind: Behind, tmp_path: Path) -> None:
    wanted = wish(tmp_path, month="2016-02", corrections=False)
    reports = await make(behind, wanted)
    assert (reports["2016-02"]["empty"], reports["2016-02"]["sendable"]) == (True, True)
    assert behind.read == []
    assert "intake /v1/cases" not in behind.asked
    assert "Lege levering" in files(wanted, "-verslag.txt")["2016-02-verslag.txt"].decode()
    assert b"<Voorziening>" not in files(wanted, ".xml")["2016-02.xml"]


async def test_delivered_twice_the_bytes_are_the_same_and_nothing_has_changed(behind: Behind, tmp_path: Path) -> None:
    wanted = wish(tmp_path)
    first = await make(behind, wanted)
    before = {ending: files(wanted, ending) for ending in (".xml", ".csv", "-afdruk.json")}
    again = await make(behind, wanted)
    assert {ending: files(wanted, ending) for ending in (".xml", ".csv", "-afdruk.json")} == before
    assert {one["changes"] for one in first.values()} == {None}
    assert [one["changes"]["any"] for one in again.values()] == [False] * 4
    assert again["2016-05"]["changes"]["same"] == 4


async def test_what_is_heard_late_corrects_the_months_it_touches_and_tells_what_changed(
    behind: Behind, tmp_path: Path
) -> None:
    wanted = wish(tmp_path)
    await make(behind, wanted)
    before = files(wanted, ".xml")
    late = heard(behind, tmp_path / "later", plan("2016-04-29", name="late", goal="late"))
    reports = await make(late, wanted)
    after = files(wanted, ".xml")
    assert {month for month in before if before[month] != after[month]} == {"2016-04.xml"}
    [number] = reports["2016-04"]["changes"]["changed"]
    assert number == delivered(wanted, "2016-04")[0]["RegistratienummerVoorziening"]
    assert [one["TypeVoorziening"] for one in delivered(wanted, "2016-04")] == ["40"]
    assert reports["2016-05"]["changes"]["any"] is False
    text = files(wanted, "-verslag.txt")["2016-04-verslag.txt"].decode()
    assert f"Sinds de vorige levering: 0 erbij, 1 veranderd, 0 eraf, 0 gelijk.\n  veranderd: {number}" in text


async def test_a_facility_heard_of_late_is_added_and_one_that_was_wrong_is_gone(behind: Behind, tmp_path: Path) -> None:
    wanted = wish(tmp_path)
    await make(behind, wanted)
    own = job("2016-05-10", "job_coach", number=3).own
    corrected = Said("job_started_corrected", "2016-06-05", 3, own)
    reports = await make(heard(behind, tmp_path / "later", corrected), wanted)
    changed = reports["2016-05"]["changes"]
    assert [len(changed[name]) for name in ("added", "changed", "gone")] == [1, 0, 1]


async def test_a_corrected_birthday_is_a_change(behind: Behind, tmp_path: Path) -> None:
    wanted = wish(tmp_path, corrections=False)
    await make(behind, wanted)
    behind.people[case(2)] = behind.people[case(2)] | {"birth_date": "1980-02-01"}
    reports = await make(behind, wanted)
    assert len(reports["2016-05"]["changes"]["changed"]) == 1


async def test_what_cannot_be_sent_leaves_no_receipt_so_corrections_are_told_by_what_was(
    behind: Behind, tmp_path: Path
) -> None:
    wanted = wish(tmp_path, corrections=False)
    await make(behind, wanted)
    kept = files(wanted, "-afdruk.json")
    del behind.people[case(2)]
    reports = await make(behind, wanted)
    assert reports["2016-05"]["sendable"] is False
    assert files(wanted, "-afdruk.json") == kept


async def test_who_the_vault_does_not_know_is_found_and_can_be_left_out(behind: Behind, tmp_path: Path) -> None:
    del behind.people[case(2)]
    behind.people[case(3)] = {"birth_date": "1990-12-31"}
    wanted = wish(tmp_path, corrections=False)
    report = (await make(behind, wanted))["2016-05"]
    assert (report["errors"], report["warnings"], report["sendable"]) == (2, 1, False)
    assert {(one["rule"], one["field"], one["count"]) for one in report["rules"] if one["severity"] == "error"} == {
        ("person_unknown", 8, 1),
        ("missing", 8, 1),
    }
    assert len(delivered(wanted)) == 4
    left = (await make(behind, replace(wanted, leave_out=True)))["2016-05"]
    assert (left["rows"], left["sendable"]) == (2, True)
    assert sorted(rule for one in left["left_out"] for rule in one["rules"]) == ["missing", "person_unknown"]
    assert {one["Burgerservicenummer"] for one in delivered(wanted)} == {BSNS[0]}
    assert "Weggelaten" in files(wanted, "-verslag.txt")["2016-05-verslag.txt"].decode()


async def test_a_reporters_code_that_is_not_set_keeps_all_from_being_sent(behind: Behind, tmp_path: Path) -> None:
    bare = replace(behind.given, translations=replace(behind.given.translations, by_municipality={}))
    report = (await make(replace(behind, given=bare), wish(tmp_path)))["2016-05"]
    assert {"row": 0, "field": 7, "rule": "missing", "severity": "error"} in report["findings"]


async def test_no_report_and_no_receipt_holds_a_person(behind: Behind, tmp_path: Path) -> None:
    wanted = wish(tmp_path)
    reports = await make(behind, wanted)
    texts = [orjson.dumps(reports), *files(wanted, "verslag.json").values(), *files(wanted, "verslag.txt").values()]
    texts += files(wanted, "-afdruk.json").values()
    told = b"".join(texts).decode()
    secrets = [one for person in PEOPLE.values() for one in person.values() if len(one) > 6]
    secrets += [one.replace("-", "") for one in secrets]
    assert [one for one in secrets if one in told] == []


async def test_the_report_is_dutch_that_can_be_read(behind: Behind, tmp_path: Path) -> None:
    wanted = wish(tmp_path)
    await make(behind, wanted)
    text = files(wanted, "-verslag.txt")["2016-05-verslag.txt"].decode()
    for line in (
        "Statistiek Re-integratie door Gemeenten, GM0546, 2016-05",
        "4 voorzieningen van 3 mensen.",
        "In te leveren tot en met 2016-06-28 (vier weken na de maand, artikel 3): nog 18 dagen.",
        "Kan worden verzonden: 0 fouten, 1 waarschuwing.",
        "Deze maand is hier niet eerder geleverd.",
        "  1 van 4 (25,0 %) van alle voorzieningen; 1 van 2 (50,0 %) van de overdrachten",
        "  org-rw: 1 van 2 (50,0 %) van de overdrachten",
        "    2016-04: 1 van 1 (100,0 %)",
        "  1x waarschuwing, veld 18 (Loonwaarde): Bij deze loonkostensubsidie is geen loonwaarde bekend; vul die aan.",
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2016, 6, 27), "nog 1 dag."),
        (date(2016, 6, 28), "vandaag."),
        (date(2016, 6, 29), "1 dag geleden."),
        (date(2016, 7, 8), "10 dagen geleden."),
    ],
)
async def test_the_last_day_is_shown_with_what_is_left(behind: Behind, tmp_path: Path, today: date, said: str) -> None:
    wanted = wish(tmp_path, corrections=False)
    await make(replace(behind, today=today), wanted, today)
    assert said in files(wanted, "-verslag.txt")["2016-05-verslag.txt"].decode()


async def test_supplements_fill_what_the_log_does_not_know(behind: Behind, tmp_path: Path) -> None:
    wanted = wish(tmp_path, corrections=False)
    await make(behind, wanted)
    [number] = [one["RegistratienummerVoorziening"] for one in delivered(wanted) if one["TypeVoorziening"] == "10"]
    report = (await make(behind, replace(wanted, supplements={number: {"wage_value": "060"}})))["2016-05"]
    assert report["warnings"] == 0
    assert [one["Loonwaarde"] for one in delivered(wanted) if one["TypeVoorziening"] == "10"] == ["060"]


async def test_files_are_for_their_owner_alone_and_no_half_one_is_left(behind: Behind, tmp_path: Path) -> None:
    wanted = wish(tmp_path)
    await make(behind, wanted)
    assert stat.S_IMODE(wanted.folder.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in wanted.folder.iterdir()}
    assert modes == {0o600}
    assert not [path for path in wanted.folder.iterdir() if path.name.endswith(".half")]


async def test_a_month_that_is_not_over_and_one_to_come_are_refused_and_nothing_is_written(
    behind: Behind, tmp_path: Path
) -> None:
    for month, said in (("2016-06", "nog niet voorbij"), ("2016-08", "Deze maand kan niet"), ("x", "kan niet")):
        with pytest.raises(Stop) as refused:
            await make(behind, wish(tmp_path, month=month))
        assert said in refused.value.nl
    assert not (tmp_path / "out").exists()


async def test_when_a_door_is_away_nothing_is_written(behind: Behind, tmp_path: Path) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503) if request.url.path.endswith("names") else behind.insight(request)

    async with opened(behind, away) as doors:
        with pytest.raises(Away):
            await made(doors, wish(tmp_path), TODAY)
    assert not (tmp_path / "out").exists()


async def test_an_earlier_receipt_that_cannot_be_read_is_named_and_nothing_is_overwritten(
    behind: Behind, tmp_path: Path
) -> None:
    wanted = wish(tmp_path)
    await make(behind, wanted)
    broken = wanted.folder / "srg-GM0546-2016-03-afdruk.json"
    broken.write_bytes(b"{}")
    before = files(wanted, ".xml")
    with pytest.raises(Stop, match=r"srg-GM0546-2016-03-afdruk.json"):
        await make(heard(behind, tmp_path / "later", returned("2016-05-20")), wanted)
    assert files(wanted, ".xml") == before


async def test_receipts_may_stand_elsewhere(behind: Behind, tmp_path: Path) -> None:
    await make(behind, wish(tmp_path))
    reports = await make(behind, wish(tmp_path, folder=tmp_path / "other", earlier=tmp_path / "out"))
    assert reports["2016-05"]["changes"]["same"] == 4
