"""The example notebook runs as it stands, and still says what it said."""

import warnings
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.builders import TRUTH
from tests.notebook import NOTEBOOK, SCRIPT, cells, run, text


@pytest.fixture(scope="module")
def made(leiden_lake: Path) -> Any:
    """The notebook, made and run anew on the example year."""
    return run(cells(SCRIPT.read_text()), leiden_lake)


def said(notebook: Any) -> str:
    """All that its cells print."""
    outputs = chain.from_iterable(cell.outputs for cell in notebook.cells if cell.cell_type == "code")
    return "".join(one.get("text", "") for one in outputs)


def test_the_notebook_is_what_its_script_says_today(made: Any) -> None:
    assert text(made) == NOTEBOOK.read_text(), "python -m tests.notebook writes it anew"


def test_its_figures_are_those_of_the_year(made: Any) -> None:
    words = said(made).split()
    true = TRUTH["first_referral_returned_within_90_days_aalen_johansen"]["all"]
    assert words.count(f"{true:.4f}") >= 3, "in SQL, in the product, and in the curve"
    assert f"{TRUTH['median_days_sent_to_accepted_among_accepted']:.2f}" in words
    assert f"{TRUTH['dossiers_with_two_or_more_returns']} came back twice or more" in said(made)
    for reason, times in TRUTH["primary_return_reason"].items():
        assert words[words.index(reason) + 1] == str(times)
    for fact in ("referral_sent", "referral_returned", "application_received"):
        assert words[words.index(fact) + 1] == str(TRUTH["facts"][fact])


def test_it_draws_and_it_names_no_place_on_this_machine(made: Any, leiden_lake: Path) -> None:
    whole = text(made)
    assert "<svg" in whole
    assert str(leiden_lake.parent) not in whole
    assert str(SCRIPT.parent) not in whole


def test_a_cell_that_fails_fails_the_notebook(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from nbclient.exceptions import CellExecutionError
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run(cells("# %% [markdown]\n# A division\n\n# %%\n1 / 0\n"), tmp_path)


def test_a_script_of_cells_becomes_text_and_code() -> None:
    made = cells("# %% [markdown]\n# # Title\n#\n# Text\n\n# %%\nprint(1)\n\n# %%\nx = 2\n")
    assert [(one.cell_type, one.source) for one in made.cells] == [
        ("markdown", "# Title\n\nText"), ("code", "print(1)"), ("code", "x = 2"),
    ]  # fmt: skip
