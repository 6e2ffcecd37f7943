"""The example notebook: made of a script of cells, run, and kept with what it said.

`python -m tests.notebook` writes it anew, with the figures of the example year.
"""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbformat import v4

from tests.builders import ROOT

SCRIPT = ROOT / "examples" / "analysis.py"
NOTEBOOK = SCRIPT.with_suffix(".ipynb")
MARK = "# %%"
SPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def cells(script: str) -> Any:
    """The notebook of a script in percent format. Ids are places, so that the same script gives the same file."""
    found = []
    for number, part in enumerate(f"\n{script}".split(f"\n{MARK}")[1:]):
        kind, _, body = part.partition("\n")
        if kind.strip() == "[markdown]":
            text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines())
            found.append(v4.new_markdown_cell(text, id=f"cell-{number}"))
        else:
            found.append(v4.new_code_cell(body.strip(), id=f"cell-{number}"))
    return v4.new_notebook(cells=found, metadata={"kernelspec": SPEC})


def run(notebook: Any, lake: Path) -> Any:
    """The notebook with what it says of a lake. Raises CellExecutionError when a cell fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Jupyter's parts warn each other about
        from nbclient import NotebookClient
        from traitlets.config import Config

        with TemporaryDirectory() as folder, _environment(LAKE=str(lake), PYTHONPATH=str(ROOT)):
            talk = Config(ConnectionFileMixin={"transport": "ipc", "ip": f"{folder}/kernel"})
            client = NotebookClient(notebook, config=talk, timeout=300, record_timing=False, coalesce_streams=True)
            client.execute(cwd=str(SCRIPT.parent))
    notebook.metadata = {"kernelspec": SPEC}
    return notebook


@contextmanager
def _environment(**said: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(said)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def text(notebook: Any) -> str:
    """The notebook as a file."""
    return str(nbformat.writes(notebook)) + "\n"


def main() -> None:
    """Writes the notebook anew."""
    from tests.lakes import fill, opened_lake
    from tests.leiden_log import leiden_topics

    with TemporaryDirectory() as folder:
        lake = opened_lake(Path(folder) / "lake")
        fill(lake, leiden_topics())
        lake.close()
        NOTEBOOK.write_text(text(run(cells(SCRIPT.read_text()), lake.folder)))


if __name__ == "__main__":
    sys.exit(main())
