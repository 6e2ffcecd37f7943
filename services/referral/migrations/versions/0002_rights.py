"""Who may: the service's own role adds and owns nothing; its reader sees what is within the caller's sight."""

from alembic import op

from shared.ledger.schema import V2
from shared.migrating import roles, statements

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Gives the rights on the ledger."""
    who = roles(op.get_context().config)
    for statement in statements(V2.format(**who)):
        op.execute(statement)
