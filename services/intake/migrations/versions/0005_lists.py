"""Lists that stay as quick however many cases there are."""

from alembic import op

from shared.ledger.schema import V3
from shared.migrating import statements

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the indexes of lists, and looks up what is within sight row by row; of what is kept as well."""
    for statement in statements(V3):
        op.execute(statement)
    op.execute("""
        alter policy sees on keeping using (
            (select current_setting('app.sight', true)) = 'all'
            or exists (select 1 from cases c where c.case_id = keeping.case_id offset 0))
    """)
