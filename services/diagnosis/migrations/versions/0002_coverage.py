"""Who is on benefit since when, and diagnosed last when: the list of who is still to be diagnosed."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the coverage table. It is filled in the transaction that learns of a case."""
    op.execute("""
        create table coverage (
            case_id uuid primary key,
            municipality text not null,
            since date not null,
            diagnosed_on date
        )
    """)
    op.execute("create index coverage_by_since on coverage (municipality, since, case_id) include (diagnosed_on)")
