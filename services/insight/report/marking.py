"""Pieces of HTML: words in both languages, and a table with its plot. Whatever comes in is escaped here."""

from html import escape
from itertools import groupby

from services.insight.report import numbers
from services.insight.report.codes import Words
from services.insight.report.lines import Line, Table
from services.insight.report.plotting import plot
from services.insight.report.words import HELD, NOT_SO_LONG

VALUE: Words = ("Waarde", "Value")
INTERVAL: Words = ("Ligt tussen", "Lies between")
N: Words = ("Aantal", "Number")
EXPECTED: Words = ("Te verwachten", "Expected")
REMARK: Words = ("Opmerking", "Remark")


def both(words: Words) -> str:
    """Dutch, and English beside it when that differs."""
    nl, en = words
    return escape(nl) if nl == en or not en else f'{escape(nl)} <span lang="en">{escape(en)}</span>'


def said(words: Words) -> str:
    """A paragraph in Dutch and one in English."""
    nl, en = words
    return f'<p>{escape(nl)}</p>\n<p lang="en">{escape(en)}</p>\n'


def tabled(table: Table) -> str:
    """A table, its plot before it, and how to read that."""
    drawn = plot(table)
    figure = f'<div class="plot">{drawn}</div>\n' if drawn else ""
    reading = "".join(said(one) for one in table.says) if drawn else ""
    two = " two" if drawn else ""
    return (
        f'<h3 id="{table.id}">{both(table.caption)}</h3>\n{reading}<div class="pair{two}">\n{figure}'
        f'<div class="wide" role="region" aria-labelledby="{table.id}-c" tabindex="0">\n{_table(table)}</div>\n</div>\n'
    )


def _table(table: Table) -> str:
    intervals = any(numbers.interval(line) is not None for line in table.lines)
    sized = any(line.n is not None for line in table.lines)
    expected = any(line.expected is not None for line in table.lines)
    remarks = any(_remark(line) for line in table.lines)
    wanted = ((VALUE, True), (INTERVAL, intervals), (EXPECTED, expected), (N, sized))
    heads = [_head(words) for words, there in wanted if there]
    many = len(heads)
    heads += [_head(REMARK, "")] if remarks else []
    body = ""
    for group, lines in groupby(table.lines, lambda line: line.group):
        rows = "".join(_row(line, intervals, expected, sized, remarks, many) for line in lines)
        over = "" if group is None else _group(group, 1 + len(heads))
        body += f"<tbody>\n{over}{rows}</tbody>\n"
    return (
        f'<table>\n<caption id="{table.id}-c" class="away">{both(table.caption)}</caption>\n'
        f"<thead><tr>{_head(table.head, '')}{''.join(heads)}</tr></thead>\n{body}</table>\n"
    )


def _head(words: Words, kind: str = "num") -> str:
    classed = f' class="{kind}"' if kind else ""
    return f'<th scope="col"{classed}>{both(words)}</th>'


def _group(words: Words, wide: int) -> str:
    return f'<tr><th scope="rowgroup" colspan="{wide}" class="group">{both(words)}</th></tr>\n'


def _row(line: Line, intervals: bool, expected: bool, sized: bool, remarks: bool, many: int) -> str:
    if line.held is not None:
        cells = f'<td class="held" colspan="{many}">{both(HELD[line.held])}</td>'
    else:
        cells = _cell(numbers.value(line))
        cells += _cell(numbers.interval(line) or numbers.NO_INTERVAL[0]) if intervals else ""
        cells += _cell(_expected(line)) if expected else ""
        cells += _cell("" if line.n is None else numbers.count(line.n)) if sized else ""
    remark = _remark(line)
    cells += f"<td>{'' if remark is None else both(remark)}</td>" if remarks else ""
    return f'<tr><th scope="row">{both(line.label)}</th>{cells}</tr>\n'


def _cell(text: str) -> str:
    return f'<td class="num">{escape(text)}</td>'


def _expected(line: Line) -> str:
    """How many were to be expected; when published in tens, as a whole number."""
    if line.expected is None:
        return ""
    return numbers.plain(line.expected, "count" if line.expected.is_integer() else "days")


def _remark(line: Line) -> Words | None:
    return line.remark if line.complete or line.held is not None else NOT_SO_LONG
