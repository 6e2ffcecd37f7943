"""The page: parts in their order, how every figure was made, and what was held back. One file, nothing from outside."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from services.insight.measures.asking import CODE_VERSION
from services.insight.measures.definitions import Definition
from services.insight.report.codes import Words, month
from services.insight.report.gather import Asked
from services.insight.report.lines import Part, Withheld
from services.insight.report.marking import both, said, tabled
from services.insight.report.style import STYLE
from services.insight.report.words import HELD, WHY

_SKIP: Words = ("Naar de inhoud", "Skip to the content")
_CONTENTS: Words = ("Inhoud", "Contents")


def policy() -> str:
    """What the browser may do with the page: show it, with its own style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def page(asked: Asked, parts: Sequence[Part], definitions: Mapping[str, Definition]) -> str:
    """The whole page; the same figures give the same bytes."""
    title, ends = titled(asked), (_defined(asked, definitions), _withheld(tuple(withheld(parts))))
    named = [*((part.id, part.title) for part in parts), *((ident, words) for ident, words, _ in ends)]
    contents = "".join(f'<li><a href="#{ident}">{both(words)}</a></li>\n' for ident, words in named)
    body = "".join(_part(part.id, part.title, _inside(part)) for part in parts)
    body += "".join(_part(*one) for one in ends)
    return (
        f'<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title[0])}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#inhoud">{both(_SKIP)}</a>\n<header>\n<h1>{both(title)}</h1>\n</header>\n'
        f'<main id="inhoud" tabindex="-1">\n<nav aria-labelledby="wijzer">\n<h2 id="wijzer">{both(_CONTENTS)}</h2>\n'
        f"<ol>\n{contents}</ol>\n</nav>\n{body}</main>\n</body>\n</html>\n"
    )


def titled(asked: Asked) -> Words:
    """The title: which municipality, which month."""
    nl, en = month(asked.month.year, asked.month.month)
    if asked.municipality is None:
        return f"Maandverslag alle gemeenten, {nl}", f"Monthly report of all municipalities, {en}"
    return (
        f"Maandverslag gemeente {asked.municipality}, {nl}",
        f"Monthly report of municipality {asked.municipality}, {en}",
    )


def withheld(parts: Sequence[Part]) -> Iterator[Withheld]:
    """Every line that is not shown, once per table."""
    for part in parts:
        for table in part.tables:
            for line in table.lines:
                if line.held is not None:
                    yield Withheld(table.caption, line.group or line.label, line.held)


def _part(ident: str, title: Words, body: str) -> str:
    return f'<section aria-labelledby="{ident}">\n<h2 id="{ident}" tabindex="-1">{both(title)}</h2>\n{body}</section>\n'


def _inside(part: Part) -> str:
    return "".join(said(one) for one in part.says) + "".join(tabled(table) for table in part.tables)


def _defined(asked: Asked, definitions: Mapping[str, Definition]) -> tuple[str, Words, str]:
    rows = "".join(
        f'<dt>{both((one.nl, one.en))}</dt>\n<dd lang="en"><code>{escape(one.id)}</code>, version {one.version}. '
        f"{escape(one.numerator)} / {escape(one.denominator)}. {escape(one.formula)}.</dd>\n"
        for one in definitions.values()
    )
    offsets = "".join(
        f'<tr><th scope="row">{escape(place)}</th><td class="num">{epoch}</td><td class="num">{last}</td></tr>\n'
        for place, (epoch, last) in sorted(asked.figures.offsets.items())
    )
    heads = "".join(
        f'<th scope="col"{kind}>{both(words)}</th>'
        for words, kind in (
            (("Partitie", "Partition"), ""), (("Tijdvak", "Epoch"), ' class="num"'),
            (("Laatste plaats", "Last offset"), ' class="num"'),
        )
    )  # fmt: skip
    caption = both(("Tot waar het log gelezen is", "How far the log was read"))
    table = (
        f'<div class="wide" role="region" aria-labelledby="log-c" tabindex="0"><table>\n<caption id="log-c">{caption}'
        f"</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{offsets}</tbody>\n</table></div>\n"
    )
    body = said(_AGAIN) + said((f"Versie van de rekencode: {CODE_VERSION}.", f"Version of the code: {CODE_VERSION}."))
    return (
        "definities",
        ("Hoe ieder cijfer is gemaakt", "How each figure was made"),
        f"{body}<dl>\n{rows}</dl>\n{table}",
    )


_AGAIN: Words = (
    "Hieronder staat van iedere maat wat er geteld is, en waarvan. Uit hetzelfde stuk van het log komt met deze code "
    "tot op de byte hetzelfde verslag.",
    "Below is of each measure what was counted, and among what. From the same part of the log this code makes the same "
    "report to the byte.",
)


def _withheld(found: Sequence[Withheld]) -> tuple[str, Words, str]:
    title: Words = ("Wat we niet laten zien", "What is not shown")
    if not found:
        return "achtergehouden", title, said(("Er is niets achtergehouden.", "Nothing was held back."))
    body = said(
        (
            f"Om mensen te beschermen zijn {len(found)} regels achtergehouden. Dit zijn de redenen:",
            f"To protect people {len(found)} lines were held back. These are the reasons:",
        )
    )
    for why in sorted({one.why for one in found}):
        items = "".join(f"<li>{both(one.table)}: {both(one.what)}</li>\n" for one in found if one.why == why)
        ident = f"waarom-{why.replace('_', '-')}"
        body += f'<h3 id="{ident}">{both(_sentence(HELD[why]))}</h3>\n{said(WHY[why])}<ul>\n{items}</ul>\n'
    return "achtergehouden", title, body


def _sentence(words: Words) -> Words:
    nl, en = (one.partition(": ")[2] for one in words)
    return nl[:1].upper() + nl[1:], en[:1].upper() + en[1:]
