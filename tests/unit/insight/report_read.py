"""Reading a report as a machine does: headings, tables, plots, ids; what is not well formed raises."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = frozenset({"meta", "br", "link", "img", "input", "hr"})
_SHAPES = frozenset({"polyline", "circle", "rect", "path"})
Attributes = dict[str, str]


@dataclass
class Table:
    """A table: its caption, its heads, and per row the cells."""

    caption: str = ""
    scopes: list[str | None] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


class Page(HTMLParser):
    """What is on a page. Raises AssertionError when a tag is closed that was not open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.headings: list[tuple[int, str]] = []
        self.tables: list[Table] = []
        self.words: list[tuple[str, str]] = []
        """Every piece of text, with the language it stands in."""
        self._open: list[tuple[str, Attributes]] = []
        self.feed(text)
        self.close()
        assert not self._open, self._open

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag not in _EMPTY:
            self._open.append((tag, attributes))
        if tag == "table":
            self.tables.append(Table())
        if tag == "tr":
            self.tables[-1].rows.append([])
        if tag in ("th", "td"):
            self.tables[-1].rows[-1].append("")
        if tag == "th":
            self.tables[-1].scopes.append(attributes.get("scope"))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _SHAPES, f"<{tag}/> is not closed in HTML"
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}>"
        assert self._open[-1][0] == tag, f"</{tag}> after {self._open}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        around = [tag for tag, _ in self._open]
        language = next((has["lang"] for _, has in reversed(self._open) if "lang" in has), "")
        if data.strip():
            self.words.append((language, data.strip()))
        if language == "en":
            return
        if "caption" in around:
            self.tables[-1].caption += data
        elif around and around[-1] in ("th", "td"):
            self.tables[-1].rows[-1][-1] += data
        elif around and re.fullmatch("h[1-6]", around[-1]):
            level, text = self.headings[-1]
            self.headings[-1] = level, text + data


def table_of(page: Page, caption: str) -> dict[str, list[str]]:
    """The rows of the table with this Dutch caption, by their head, their cells after it."""
    [found] = [one for one in page.tables if one.caption.strip() == caption]
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in found.rows}


def plots(text: str) -> dict[str, ET.Element]:
    """Every plot by its title's id, parsed as strictly as XML is."""
    found = [ET.fromstring(one) for one in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]  # noqa: S314 - our own text
    return {str(one[0].get("id")): one for one in found}


def parts(svg: ET.Element, tag: str, kind: str | None = None) -> list[ET.Element]:
    """Shapes of a plot, of a class when asked."""
    return [one for one in svg.iter(tag) if kind is None or kind in (one.get("class") or "").split()]


def points(shape: ET.Element) -> list[tuple[float, float]]:
    """The points of a line."""
    pairs = (pair.split(",") for pair in str(shape.get("points")).split())
    return [(float(x), float(y)) for x, y in pairs]
