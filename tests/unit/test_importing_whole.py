"""An import as a whole: every line once, in order, whatever happens to the product or to us on the way."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from overdracht.importing.progress import Progress, save
from overdracht.output import AWAY, FINDINGS, USAGE, Stop
from tests.unit.importing_given import FakeProduct, a_file, imported, line, rejects


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overdracht.patience._PAUSES", (0.0,) * 5)
    monkeypatch.setattr("overdracht.patience._LONGEST_PAUSE", 0.05)


def some_lines(count: int) -> list[bytes]:
    return [line(n % 700, ("application_received", "referral_sent")[n % 2], data={"n": n}) for n in range(count)]


def refuse_every(step: int) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    no = {"code": "no", "nl": "Nee.", "en": "No."}
    return lambda said: no if said["data"].get("n", 1) % step == 0 else None


async def test_every_line_arrives_once_and_a_dossier_keeps_its_order(tmp_path: Path) -> None:
    fake, lines = FakeProduct(), some_lines(5_000)
    result = await imported(fake, a_file(tmp_path, lines))
    assert (result["lines"], result["accepted"], result["duplicates"], result["rejected"]) == (5_000, 5_000, 0, 0)
    assert result["arrived_everywhere"]
    assert result["rejects_file"] is None
    for service, fact in (("intake", b"application_received"), ("referral", b"referral_sent")):
        came = fake.lines[service]
        assert sorted(came) == sorted(raw for raw in lines if fact in raw)
        per_dossier: dict[str, list[int]] = {}
        for raw in came:
            said = orjson.loads(raw)
            per_dossier.setdefault(said["dossier"], []).append(said["data"]["n"])
        assert all(numbers == sorted(numbers) for numbers in per_dossier.values())


async def test_a_service_gets_its_history_only_after_what_it_rests_on_has_arrived_there(tmp_path: Path) -> None:
    fake, looks = FakeProduct(), []

    def behind_at_first(service: str) -> dict[str, Any]:
        if service != "referral":
            return {}
        looks.append(len(fake.lines["referral"]))
        return {"lag": 99, "heard": {"overdracht.intake": {"0": min(len(looks), 5)}}} if len(looks) < 9 else {}

    fake.statuses = behind_at_first
    await imported(fake, a_file(tmp_path, some_lines(100)))
    assert looks[:5] == [0] * 5
    services = [service for service, _ in fake.requests]
    assert services == sorted(services)


async def test_what_is_not_on_the_topic_yet_is_waited_for_too(tmp_path: Path) -> None:
    fake, looks = FakeProduct(), []

    def not_yet_published(service: str) -> dict[str, Any]:
        looks.append(len(fake.lines["referral"]))
        return {"published": {"position": 0, "offsets": {}}} if len(looks) < 5 and service == "intake" else {}

    fake.statuses = not_yet_published
    await imported(fake, a_file(tmp_path, some_lines(100)))
    assert looks[:5] == [0] * 5


async def test_a_service_that_cannot_tell_for_a_while_is_asked_again(tmp_path: Path) -> None:
    fake, looks = FakeProduct(), []

    def away_at_first(service: str) -> dict[str, Any]:
        looks.append(service)
        return {"position": None, "published": None, "heard": None} if len(looks) < 4 else {}

    fake.statuses = away_at_first
    result = await imported(fake, a_file(tmp_path, some_lines(100)))
    assert (result["accepted"], result["rejected"]) == (100, 0)


async def test_who_rests_on_nobody_gets_the_whole_file_in_its_order(tmp_path: Path) -> None:
    fake, lines = FakeProduct(), some_lines(9_000)
    await imported(fake, a_file(tmp_path, lines))
    assert fake.lines["intake"] == [raw for raw in lines if b"application_received" in raw]


async def test_a_large_file_is_read_anew_and_goes_in_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overdracht.importing.reading._HELD_BYTES", 100)
    fake, lines = FakeProduct(), some_lines(5_000)
    result = await imported(fake, a_file(tmp_path, lines))
    assert (result["accepted"], result["rejected"]) == (5_000, 0)
    assert sorted(fake.lines["referral"]) == sorted(raw for raw in lines if b"referral_sent" in raw)


async def test_the_same_file_again_is_known_line_by_line(tmp_path: Path) -> None:
    fake, path = FakeProduct(), a_file(tmp_path, some_lines(300))
    await imported(fake, path)
    result = await imported(fake, path)
    assert (result["accepted"], result["duplicates"], result["rejected"]) == (0, 300, 0)


async def test_a_lost_answer_is_asked_again_with_the_same_key_and_nothing_counts_twice(tmp_path: Path) -> None:
    fake = FakeProduct()

    def lose_some(service: str, count: int) -> None:
        if count in (1, 3):
            raise httpx.ReadError("gone")

    fake.after_write = lose_some
    result = await imported(fake, a_file(tmp_path, some_lines(4_000)))
    assert (result["accepted"], result["duplicates"]) == (4_000, 0)
    assert len(fake.requests) == len(set(fake.requests)) + 2


async def test_after_too_long_a_silence_it_stops_and_the_same_command_goes_on(tmp_path: Path) -> None:
    fake, path = FakeProduct(), a_file(tmp_path, [*some_lines(5_000), b"{broken", line(1, "referal_sent")])
    fake.refuse = refuse_every(100)

    def down_after_four(service: str, count: int) -> None:
        if count > 4:
            raise httpx.ConnectError("down")

    fake.before_answer = down_after_four
    with pytest.raises(Stop) as stop:
        await imported(fake, path, patience=0.2)
    assert stop.value.code == AWAY
    assert "same command" in stop.value.en
    fake.before_answer = lambda service, count: None
    first = set(fake.answered)
    result = await imported(fake, path)
    assert result["resumed"]
    assert (result["lines"], result["accepted"], result["duplicates"]) == (5_002, 4_950, 0)
    assert result["rejected"] == 52 == len(rejects(path))
    assert [entry["line"] for entry in rejects(path)] == sorted({entry["line"] for entry in rejects(path)})
    assert first < set(fake.answered)


async def test_a_half_written_rejects_file_holds_nothing_twice_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, path = FakeProduct(), a_file(tmp_path, some_lines(2_500))
    fake.refuse = refuse_every(50)
    saves: list[int] = []

    def die_before_saving(path: Path, progress: Progress) -> None:
        saves.append(1)
        if len(saves) == 3:
            raise RuntimeError("killed")
        save(path, progress)

    monkeypatch.setattr("overdracht.importing.sending.save", die_before_saving)
    with pytest.raises(RuntimeError):
        await imported(fake, path)
    monkeypatch.undo()
    result = await imported(fake, path)
    assert (result["accepted"], result["duplicates"], result["rejected"]) == (2_450, 0, 50)
    assert len(rejects(path)) == 50


async def test_a_cut_off_gzip_gives_everything_readable_and_says_where_it_broke(tmp_path: Path) -> None:
    path = a_file(tmp_path, some_lines(5_000))
    path.write_bytes(path.read_bytes()[:-2_000])
    fake = FakeProduct()
    result = await imported(fake, path)
    came = sum(map(len, fake.lines.values()))
    assert result["truncated"]
    assert 1_000 < came == result["accepted"] < 5_000
    assert result["lines"] == result["accepted"] + result["rejected"]
    assert all(entry["code"] == "line_cut_off" for entry in rejects(path))


async def test_unfit_lines_are_reported_by_number_and_never_repeated(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        [
            line(1),
            b"",
            b'{"bsn":"462817404"',
            b"\xff\xfe{}",
            b"[1]",
            line(2, "referral_snet"),
            line(3, "pumping_round_detected"),
            line(4).replace(b'"data":{}', b'"data":{"kind":"a","kind":"b"}'),
            line(5, at=None),
            line(6, data=[]),
            line(7, dossier="462817404", fact="Jan de Vries, 462817404"),
            b'{"x":"' + b"y" * 1_100_000 + b'"}',
            line(8),
        ],
    )
    result = await imported(FakeProduct(), path)
    assert (result["lines"], result["accepted"], result["rejected"]) == (12, 2, 10)
    found = [(entry["line"], entry["code"], entry["field"]) for entry in rejects(path)]
    assert found == [
        (3, "not_json", None),
        (4, "not_utf8", None),
        (5, "not_an_object", None),
        (6, "fact_unknown", "fact"),
        (7, "fact_not_yours", "fact"),
        (8, "key_double", "kind"),
        (9, "field_missing", "at"),
        (10, "field_invalid", "data"),
        (11, "fact_unknown", "fact"),
        (12, "line_too_long", None),
    ]
    assert rejects(path)[3]["possible"][0] == "referral_sent"
    written = (tmp_path / "out.rejects.jsonl").read_text()
    assert "462817404" not in written
    assert "Vries" not in written


async def test_what_is_no_file_or_no_gzip_is_a_usage_error(tmp_path: Path) -> None:
    plain = tmp_path / "plain.jsonl.gz"
    plain.write_bytes(line(1))
    for path in (tmp_path / "nothing.jsonl", tmp_path, plain):
        with pytest.raises(Stop) as stop:
            await imported(FakeProduct(), path)
        assert stop.value.code == USAGE


async def test_an_empty_file_is_a_whole_import_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.touch()
    assert (await imported(FakeProduct(), path))["lines"] == 0


async def test_a_request_that_is_refused_as_a_whole_stops_the_import(tmp_path: Path) -> None:
    class Refusing(FakeProduct):
        def _facts(self, service: str, request: httpx.Request) -> httpx.Response:
            return httpx.Response(413, json={"code": "too_large"})

    with pytest.raises(Stop) as stop:
        await imported(Refusing(), a_file(tmp_path, some_lines(5)))
    assert stop.value.code == FINDINGS


async def test_windows_line_ends_a_byte_order_mark_and_joined_gzips_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.jsonl.gz"
    first, second = b"\xef\xbb\xbf" + line(1) + b"\r\n" + line(2) + b"\r\n", line(3) + b"\r\n"
    path.write_bytes(gzip.compress(first) + gzip.compress(second))
    fake = FakeProduct()
    assert (await imported(fake, path))["accepted"] == 3
    assert sorted(fake.lines["intake"]) == [line(1), line(2), line(3)]
