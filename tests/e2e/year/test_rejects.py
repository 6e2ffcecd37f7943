"""A line that cannot go in is said to be so, and goes in once it is mended."""

import asyncio
from pathlib import Path
from typing import Any

from tests.product import Product, a_line, post


def test_a_rejected_line_says_what_is_wrong_and_a_mended_one_goes_in(
    product: Product, imported: Any, tmp_path: Any
) -> None:
    file = tmp_path / "more.jsonl"
    file.write_bytes(a_line("X-1", bsn="123456789") + b"\n{broken\n")
    first = product.json("import", str(file), code=1)
    assert (first["accepted"], first["rejected"]) == (0, 2)
    rejects = Path(first["rejects_file"]).read_text()
    assert "bsn_invalid" in rejects
    assert "123456789" not in rejects
    file.write_bytes(a_line("X-1"))
    second = product.json("import", str(file))
    assert (second["accepted"], second["rejected"]) == (1, 0)
    found = asyncio.run(post(product, "intake", "/v1/cases/search", {"municipality": "GM0546", "dossier": "X-1"}))
    assert found.status_code == 200
