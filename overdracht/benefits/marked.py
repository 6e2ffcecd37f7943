"""YAML in which every value is text, and the line of every value is known: what is wrong can be pointed at."""

from dataclasses import dataclass
from typing import Any

import yaml

MOST_BYTES = 1_000_000
Place = tuple[str, ...]
"""Where in the content: keys, and numbers in a list."""


@dataclass(frozen=True)
class Wrong:
    """Something that is wrong in a mapping: the line, the place, a Dutch and an English sentence."""

    line: int
    place: str
    nl: str
    en: str


@dataclass(frozen=True)
class Marked:
    """The content, and per place the line it begins on."""

    content: Any
    lines: dict[Place, int]

    def wrong(self, place: Place, nl: str, en: str) -> Wrong:
        """Something that is wrong at a place; of one that is not there, on the line of what it should stand in."""
        known = place
        while known not in self.lines and known:
            known = known[:-1]
        return Wrong(self.lines.get(known, 1), ".".join(place), nl, en)


def marked(text: str) -> tuple[Marked, list[Wrong]]:
    """The content of a YAML text and what is wrong with how it is written; `0123` stays `0123`, and `no` stays `no`."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            return Marked(None, {}), [
                Wrong(1, "", "Verwijzingen (*naam) kunnen hier niet.", "aliases are not taken here")
            ]
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as trouble:
        mark = getattr(trouble, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        return Marked(None, {}), [Wrong(line, "", "Dit is geen geldige YAML.", "this is no valid YAML")]
    lines: dict[Place, int] = {}
    double: list[Wrong] = []
    content = None if node is None else _content(node, (), lines, double)
    return Marked(content, lines), double


def _content(node: yaml.Node, place: Place, lines: dict[Place, int], double: list[Wrong]) -> Any:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in found:
                double.append(Wrong(line, ".".join((*place, name)), "Dit staat er twee keer.", "this is here twice"))
            found[name] = _content(value, (*place, name), lines, double)
            lines[(*place, name)] = line
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_content(one, (*place, str(number)), lines, double) for number, one in enumerate(node.value)]
    return str(node.value)
