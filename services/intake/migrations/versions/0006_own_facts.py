"""A municipality's own facts and overdue cases, as quick as all of them."""

from alembic import op

from shared.ledger.schema import V4
from shared.migrating import statements

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds the municipality to each fact, and the indexes that these lists need; of what is due as well."""
    for statement in statements(V4):
        op.execute(statement)
    op.execute("""
        create index keeping_due on keeping (result, ended_on) include (municipality, case_id) where asked_for is null
    """)
