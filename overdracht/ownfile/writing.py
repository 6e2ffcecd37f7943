"""A person's own file as a page that stands by itself (HTML), and as a text."""

from collections.abc import Iterable, Sequence
from html import escape

from overdracht.ownfile.telling import Part

_STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }
h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem } .en { color: #555; font-weight: normal; font-size: 1rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .4rem .6rem;
border-bottom: 1px solid #bbb; overflow-wrap: anywhere; white-space: pre-line } @media print { body { margin: 0 } }
"""


def page(parts: Sequence[Part]) -> str:
    """The file as one page: no script, nothing from elsewhere; what people wrote is text and never markup."""
    title = escape(parts[0].nl)
    body = "\n".join(_section(part, first=number == 0) for number, part in enumerate(parts))
    return (
        '<!DOCTYPE html>\n<html lang="nl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _section(part: Part, first: bool) -> str:
    level = "h1" if first else "h2"
    head = f'<{level}>{escape(part.nl)} <span class="en" lang="en">· {escape(part.en)}</span></{level}>'
    sentences = "".join(f"\n<p>{escape(one)}</p>" for one in part.sentences)
    return f"<section>\n{head}{sentences}{_table(part) if part.rows else ''}\n</section>"


def _table(part: Part) -> str:
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in part.heads)
    rows = "\n".join("<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in part.rows)
    return f"\n<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def plain(parts: Iterable[Part]) -> str:
    """The file as text."""
    found = []
    for part in parts:
        found += [f"{part.nl} · {part.en}", "=" * len(part.nl), *part.sentences, ""]
        for row in part.rows:
            first, *rest = row
            if len(row) == 2:
                found.append(f"- {first}: {rest[0]}")
                continue
            found.append(f"- {first}")
            found += [f"    {head}: {one}" for head, one in zip(part.heads[1:], _lines(rest), strict=False) if one]
        found += [""] if part.rows else []
    return "\n".join(found)


def _lines(values: Iterable[str]) -> Iterable[str]:
    """What has several lines is set in under its head."""
    return (one.replace("\n", "\n      ") for one in values)
