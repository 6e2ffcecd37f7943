"""Who may: the service's own role adds and owns nothing; its reader sees what is within the caller's sight."""

from alembic import op

from shared.ledger.schema import V2
from shared.migrating import roles, statements

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Gives the rights on the ledger and on who is covered."""
    who = roles(op.get_context().config)
    for statement in statements(V2.format(**who)) + statements(_COVERAGE.format(**who)):
        op.execute(statement)


_COVERAGE = """
grant select, insert, update, delete on coverage to {writer};
grant select on coverage to {reader};
alter table coverage enable row level security;
alter table coverage force row level security;
create policy writes on coverage to {writer} using (true) with check (true);
create policy sees on coverage for select to {reader} using (
    (select current_setting('app.sight', true)) = 'all'
    or exists (select 1 from cases c where c.case_id = coverage.case_id));
"""
