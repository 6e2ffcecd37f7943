"""The ledger."""

from alembic import op

from shared.ledger.schema import V1
from shared.migrating import statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the ledger's tables."""
    for statement in statements(V1):
        op.execute(statement)
