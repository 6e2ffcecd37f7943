"""The figures of the running product: those that were counted independently, for whom they are, and what is refused."""

import asyncio
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from schemas.sources import FOLDER
from shared.rights import ROLES
from tests.builders import TRUTH, dossiers, leiden
from tests.product import Product, doors
from tests.tokens import called_by, operator
from tests.unit.insight.exports_given import pm4py

AS_OF = ("--as-of", TRUTH["as_of"])


@pytest.fixture(scope="module")
def both(product: Product, imported: Any) -> Product:
    """A product with the example year in it, and a second municipality with the same year."""
    other = product.data / "other.jsonl"
    with other.open("w") as file:
        for line in leiden():
            file.write(json.dumps(line).replace("GM0546", "GM0344") + "\n")
    assert imported["rejected"] == 0
    assert product.json("import", str(other))["rejected"] == 0
    other.unlink()
    product.settle()
    return product


def shown(product: Product, measure: str, **asked: str) -> dict[str, Any]:
    """A figure as insight's door tells it to who runs the product."""
    url = f"{product.places['insight']['url']}/v1/measures/{measure}/figure"
    answer = httpx.get(
        url, params={"asOf": TRUTH["as_of"]} | asked, headers=operator(product.data / "keys"), timeout=60
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("municipality", ["GM0546", "GM0344"])
def test_every_figure_equals_the_independent_one_for_each_of_two_municipalities(
    both: Product, municipality: str
) -> None:
    here = {"municipality": municipality}
    first = both.json("measures", "show", "returned_within_90_days", *AS_OF, "--municipality", municipality)
    assert first == shown(both, "returned_within_90_days", **here)
    wanted = TRUTH["first_referral_returned_within_90_days_aalen_johansen"]["GM0546"]
    assert first["value"] == pytest.approx(wanted, abs=1e-6)
    assert first["low"] < first["value"] < first["high"]
    assert (first["n"], first["unit"], first["definition"]["version"]) == (
        TRUTH["first_referrals"]["GM0546"],
        "share",
        1,
    )
    any_one = shown(both, "returned_within_90_days_any_referral", **here)["value"]
    assert any_one == pytest.approx(TRUTH["any_referral_returned_within_90_days_aalen_johansen"], abs=1e-6)
    assert shown(both, "referrals", **here)["value"] == TRUTH["referrals"]
    assert shown(both, "primary_return_reasons", **here, audience="internal")["value"] == TRUTH["primary_return_reason"]
    twice = shown(both, "cases_with_two_or_more_returns", **here)["value"]
    assert twice == TRUTH["dossiers_with_two_or_more_returns"]
    diagnosed = shown(both, "diagnosed_before_first_referral", **here)["value"]
    assert diagnosed == TRUTH["diagnosed_before_first_referral"]["GM0546"]
    wait = shown(both, "median_days_sent_to_accepted", **here)["value"]
    assert wait == pytest.approx(TRUTH["median_days_sent_to_accepted_among_accepted"], abs=1e-4)


def test_of_two_municipalities_together_there_are_twice_as_many(both: Product) -> None:
    assert shown(both, "referrals")["value"] == 2 * TRUTH["referrals"]
    table = both.json("measures", "show", "referrals", *AS_OF, "--by", "municipality")["items"]
    assert [one["slice"]["municipality"] for one in table] == ["GM0344", "GM0546"]


def test_a_published_number_is_made_again_to_the_byte_after_more_has_come_in(both: Product) -> None:
    found = both.json("measures", "publish", "returned_within_90_days", *AS_OF, "--municipality", "GM0546")
    assert found["number"]["offsets"]
    asyncio.run(a_hand_off(both, "L-000739"))
    both.settle()
    again = both.json("measures", "reproduce", found["id"])
    assert again["same"]
    assert both.run("measures", "reproduce", "0" * 20).returncode == 2


def open_dossier() -> str:
    """A dossier that nothing has ended, and that was never sent to education."""
    over = {"case_closed", "benefit_ended", "application_withdrawn"}
    for name, lines in dossiers().items():
        granted = any(line["data"].get("decision") == "granted" for line in lines)
        sent = {line["data"].get("trajectory") for line in lines}
        if granted and name != "L-000739" and not over & {line["fact"] for line in lines} and "education" not in sent:
            return name
    raise AssertionError("no such dossier")


async def a_hand_off(product: Product, dossier: str) -> None:
    """A referral of today, sent and accepted."""
    async with doors(product, "intake") as intake:
        found = await intake.post("/v1/cases/search", json={"municipality": "GM0546", "dossier": dossier})
    case, referral = found.json()["case_id"], str(uuid4())
    actor = {"role": "caseworker", "id": "km-1", "municipality": "GM0546"}
    coach = {"role": "coach", "id": "co-1", "organisation": "org-new"}
    data = {"referral_id": referral, "from_organisation": "org-gm0546", "to_organisation": "org-new"}
    data |= {"trajectory": "education", "goal": "education", "warm": True}
    async with doors(product, "referral") as door:
        sent = await door.post(f"/v1/cases/{case}/send-referral", json={"actor": actor, "data": data})
        assert sent.status_code == 201, sent.text
        took = {"referral_id": referral, "coach": "co-1", "first_contact_on": str(datetime.now(UTC).date())}
        accepted = await door.post(f"/v1/cases/{case}/accept-referral", json={"actor": coach, "data": took})
        assert accepted.status_code == 201, accepted.text


def test_a_hand_off_of_today_is_in_the_figures_and_one_person_is_shown_to_nobody_else(both: Product) -> None:
    asyncio.run(a_hand_off(both, open_dossier()))
    both.settle()
    inside = both.json("measures", "show", "referrals", "--provider", "org-new", "--internal")
    assert inside["value"] >= 1
    outside = shown(both, "referrals", provider="org-new")
    assert (outside["value"], outside["held_back"]) == (None, "small_number")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("happiness",), "bestaat niet"),
        (("referrals", "--municipality", "GM9999"), "doorsnede"),
        (("referrals", "--as-of", "2199-01-01T00:00:00Z"), "toekomst"),
        (("referrals", "--as-of", "2016-05-17T00:00:00Z"), "begin van een maand"),
        (("referrals", "--as-of", "yesterday"), "asOf: De waarde"),
        (("sustained_3_months", "--provider", "org-rw"), "doorgesneden"),
    ],
)
def test_what_does_not_exist_gets_a_sentence_and_exit_code_2(both: Product, words: tuple[str, ...], said: str) -> None:
    done = both.run("measures", "show", *words)
    assert done.returncode == 2
    assert any(one in done.stderr for one in said.split("|")), done.stderr


async def test_every_route_asks_who_may_and_no_case_is_in_any_answer(both: Product) -> None:
    paths = orjson.loads((FOLDER / "openapi" / "insight.json").read_bytes())["paths"]
    url = both.places["insight"]["url"]
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        for path, methods in paths.items():
            for method, said in methods.items():
                where = f"/v1{path}".format(measure="referrals", number="0" * 20, municipality="GM0546", export_id="0")
                query = {"by": "provider", "since": "2016-07-01T00:00:00Z", "asOf": TRUTH["as_of"]}
                shut = await client.request(method, where, params=query)
                assert (shut.status_code, shut.json()["code"]) == (401, "token_missing"), path
                for role in ROLES:
                    who = called_by(role, municipality="GM0546", organisation="org-rw", of=both.data / "keys")
                    body = {"measure": "referrals"} if method == "post" else None
                    answer = await client.request(method, where, params=query, headers=who, json=body)
                    refused = answer.status_code == 403 and answer.json()["code"] == "role_not_allowed"
                    assert refused == (role not in said["x-roles"]), (path, role, answer.text)
                    assert answer.status_code < 500, (path, role, answer.text)
    internal = called_by("analyst", of=both.data / "keys")
    async with httpx.AsyncClient(base_url=url, headers=internal) as client:
        held = await client.get("/v1/measures/referrals/figure", params={"audience": "internal"})
        assert (held.status_code, held.json()["code"]) == (403, "internal_only")
        table = await client.get("/v1/measures/referrals/figures", params={"by": "month", "form": "csv"})
        assert table.headers["content-type"].startswith("text/csv")
        assert table.text.splitlines()[0].startswith("measure,unit,municipality")


def test_single_cases_leave_for_process_mining_as_a_file_that_pm4py_reads(both: Product, tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    told = both.json("measures", "export", "ocel-json", "--out", str(file), "--municipality", "GM0546")
    log = pm4py().read_ocel2_json(str(file))
    assert len(log.events) == told["events"] > 10_000
    assert len(log.objects) == told["objects"]
    assert not list((both.data / "lake" / "exports").iterdir())


def test_a_wiped_lake_is_filled_again_from_the_log(both: Product) -> None:
    before = shown(both, "returned_within_90_days")["value"]
    both.kill("insight")
    shutil.rmtree(both.data / "lake")
    both.wait(lambda status: bool(status["insight"]["ready"]), 90)
    both.settle()
    assert shown(both, "returned_within_90_days")["value"] == before
