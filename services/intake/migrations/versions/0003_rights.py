"""Who may: the service's own role adds and owns nothing; its reader sees what is within the caller's sight."""

from alembic import op

from shared.ledger.schema import V2
from shared.migrating import roles, statements

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Gives the rights on the ledger and on the vault."""
    who = roles(op.get_context().config)
    for statement in statements(V2.format(**who)) + statements(_VAULT.format(**who)):
        op.execute(statement)


_VAULT = """
grant select, insert, update, delete on identity, case_key to {writer};
grant select on identity, case_key to {reader};
alter table identity enable row level security;
alter table identity force row level security;
create policy writes on identity to {writer} using (true) with check (true);
create policy sees on identity for select to {reader} using (
    exists (select 1 from cases c where c.case_id = identity.case_id));
alter table case_key enable row level security;
alter table case_key force row level security;
create policy writes on case_key to {writer} using (true) with check (true);
create policy sees on case_key for select to {reader} using (
    exists (select 1 from cases c where c.case_id = case_key.case_id));
"""
