"""`overdracht returns`: why people came back, counted from the log alone."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any

import orjson
import typer

from overdracht import topics
from overdracht.doors import Json
from overdracht.output import OK, Meter, decimal, number, out, run_command, table, write_json
from overdracht.product import DEFAULT_DATA, Data, Product, reach
from overdracht.words import core, family, reason
from shared.envelope import Event, Unusable, parse

_SERVICE = "referral"
_GOAL_OTHER = 0.05


@dataclass
class Returns:
    """What is counted. A return is told by case and referral: a corrected one takes the place of the first."""

    sent: set[bytes] = field(default_factory=set)
    primary: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    reviewed: dict[tuple[str, str], bool] = field(default_factory=dict)


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command("returns")
    def returns(
        data: Data = DEFAULT_DATA,
        municipality: Annotated[str | None, typer.Option(help="Only this municipality (CBS code).")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="The counts as one JSON object.")] = False,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    ) -> None:
        """Count the returns by primary reason, and the people who were pumped round."""

        async def work() -> int:
            result = await counted(reach(data), municipality, quiet)
            if as_json:
                write_json(result)
            else:
                tell(result)
            return OK

        run_command(work)


async def counted(product: Product, municipality: str | None = None, quiet: bool = True) -> Json:
    """The counts, from the topic of the referrals as it stands now."""
    found = Returns()
    async with topics.opened(product.bootstrap_servers, [topics.topic_of(_SERVICE)]) as consumer:
        with Meter("events", quiet) as meter:
            meter.begin(await topics.how_many(consumer))
            async for records in topics.to_the_end(consumer):
                take(found, _events(records), municipality)
                meter.add(len(records), "reading the log")
    return result_of(found, municipality)


def _events(records: Iterable[topics.Record]) -> Iterable[Event]:
    for record in records:
        try:
            yield parse(record.value, record.headers)
        except Unusable:
            continue


def take(found: Returns, events: Iterable[Event], municipality: str | None = None) -> None:
    """Counts these events too; the same event twice counts once."""
    for event in events:
        fact = event.fact.removesuffix("_corrected")
        if fact not in ("referral_sent", "referral_returned", "return_reviewed"):
            continue
        data = orjson.loads(event.data)
        if municipality is not None and data.get("municipality") != municipality:
            continue
        key = (event.subject, str(data.get("referral_id", "")))
        if fact == "referral_sent":
            found.sent.add(hashlib.blake2b("".join(key).encode(), digest_size=12).digest())
        elif fact == "return_reviewed":
            found.reviewed[key] = bool(data.get("agrees"))
        else:
            _returned(found, key, event.caseversion, data)


def _returned(found: Returns, key: tuple[str, str], version: int, data: dict[str, Any]) -> None:
    before = found.primary.get(key)
    if before is not None and before[0] >= version:
        return
    primary = next((one["code"] for one in data.get("reasons") or () if one.get("primary")), None)
    if primary is not None:
        found.primary[key] = (version, primary)


def result_of(found: Returns, municipality: str | None = None) -> Json:
    """The counts as `--json` shows them."""
    counts = Counter(core(code) for _, code in found.primary.values())
    per_case = Counter(case for case, _ in found.primary)
    total = sum(counts.values())
    other = counts.get("other", 0)
    return {
        "municipality": municipality,
        "referrals": len(found.sent),
        "returns": total,
        "primary_return_reason": dict(counts.most_common()),
        "reasons": [
            {
                "code": code,
                "nl": reason(code),
                "side_nl": family(code),
                "count": count,
                "share": round(count / total, 6),
            }
            for code, count in counts.most_common()
        ],
        "share_other": round(other / total, 6) if total else 0.0,
        "cases_with_a_return": len(per_case),
        "cases_pumped_round": sum(count >= 2 for count in per_case.values()),
        "reviewed": len(found.reviewed),
        "disputed": sum(not agrees for agrees in found.reviewed.values()),
    }


def tell(result: Json) -> None:
    """The counts as a table, most frequent first, and what they add up to."""
    rows = table("Hoofdreden van terugmelding", "Ligt bij", "Aantal", "Aandeel", right=("Aantal", "Aandeel"))
    for one in result["reasons"]:
        rows.add_row(one["nl"], one["side_nl"], number(one["count"]), f"{decimal(100 * one['share'])} %")
    out.print(rows)
    out.print()
    high = " (meer dan de 5 % die het doel is)" if result["share_other"] >= _GOAL_OTHER else ""
    sums = table("", "", right=("",))
    sums.show_header = False
    for label, value in (
        ("Doorverwijzingen verzonden", number(result["referrals"])),
        ("Terugmeldingen", number(result["returns"])),
        ("  waarvan met reden “anders”", f"{decimal(100 * result['share_other'])} %{high}"),
        ("  waarvan betwist door de gemeente", number(result["disputed"])),
        ("Mensen met een terugmelding", number(result["cases_with_a_return"])),
        ("Mensen die zijn rondgepompt (twee keer of vaker)", number(result["cases_pumped_round"])),
    ):
        sums.add_row(label, value)
    out.print(sums)
