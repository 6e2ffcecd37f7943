"""The ledger's tables as lists read them (SQLModel). Writing goes through the wide statements of store.py."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Column, DateTime, Text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel


class Ledgered(SQLModel, registry=registry()):
    """The registry of these tables: apart from any other of the process."""


class CaseRow(Ledgered, table=True):
    """A case's line in a list; its whole state stands beside it."""

    __tablename__ = "cases"
    case_id: UUID = Field(primary_key=True)
    municipality: str
    status: str
    turn: str
    caseworker: str
    due_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    overdue_since: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    opened_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    parties: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))


class Party(Ledgered, table=True):
    """An organisation that is or was involved in a case."""

    organisation: str = Field(primary_key=True)
    opened_at: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    case_id: UUID = Field(primary_key=True)
    municipality: str
