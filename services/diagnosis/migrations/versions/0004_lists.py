"""Lists that stay as quick however many cases there are."""

from alembic import op

from shared.ledger.schema import V3
from shared.migrating import statements

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the indexes of lists, and looks up what is within sight row by row."""
    for statement in statements(V3):
        op.execute(statement)
