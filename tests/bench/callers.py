"""Who calls at the doors of a filled product, and by which id its cases are known there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from overdracht.running import keys
from shared.ids import from_number
from tests.bench.filling import Case
from tests.tokens import called_by

Header = dict[str, str]


@dataclass(frozen=True)
class Callers:
    """People with tokens of a product's own issuer, and its ids. `folder`: where its keys are."""

    folder: Path

    @property
    def operator(self) -> Header:
        """Who runs it all, and sees all."""
        return called_by("operator", name="op-b", of=self.folder)

    def caseworker(self, municipality: str, name: str = "km-b") -> Header:
        """Sees the municipality."""
        return called_by("caseworker", name=name, municipality=municipality, of=self.folder)

    def coach(self, organisation: str) -> Header:
        """Sees the cases that the organisation was asked for."""
        return called_by("coach", name=f"co-{organisation}", organisation=organisation, of=self.folder)

    def case_id(self, case: Case) -> str:
        """The id that the product gave a case."""
        return from_number(_id_key(self.folder), case.municipality, "dossier", case.dossier)


@cache
def _id_key(folder: Path) -> bytes:
    return bytes.fromhex(keys.read(folder, keys.ID))
