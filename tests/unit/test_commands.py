"""The command `overdracht` loads the part that is asked for; whoever asks for none sees them all."""

import sys
from typing import Any

import pytest
import typer

from overdracht import __main__ as command
from overdracht.__main__ import COMMANDS, built


def names(app: typer.Typer) -> set[str]:
    group: Any = typer.main.get_command(app)
    return set(group.commands)


def test_what_can_be_asked_is_what_there_is() -> None:
    assert names(built(COMMANDS.values())) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_part_that_is_loaded_for_it(name: str) -> None:
    assert name in names(built([COMMANDS[name]]))


@pytest.mark.parametrize(
    ("words", "loaded"),
    [
        (["case", "--help"], {"cases"}),
        (["--help"], set(COMMANDS.values())),
        (["nonsense"], set(COMMANDS.values())),
        ([], set(COMMANDS.values())),
    ],
)
def test_who_asks_for_help_or_for_nonsense_gets_the_whole(
    words: list[str], loaded: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts: list[str] = []

    def watched(given: Any) -> typer.Typer:
        parts.extend(given)
        return built(parts)

    monkeypatch.setattr(sys, "argv", ["overdracht", *words])
    monkeypatch.setattr(command, "built", watched)
    with pytest.raises(SystemExit):
        command.main()
    assert set(parts) == loaded
