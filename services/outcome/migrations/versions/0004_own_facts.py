"""A municipality's own facts and overdue cases, as quick as all of them."""

from alembic import op

from shared.ledger.schema import V4
from shared.migrating import statements

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the municipality to each fact, and the indexes that these lists need."""
    for statement in statements(V4):
        op.execute(statement)
