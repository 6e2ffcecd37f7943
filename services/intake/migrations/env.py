"""Alembic's entry: this service's database only."""

from alembic import context

from shared.migrating import run

run(context)
