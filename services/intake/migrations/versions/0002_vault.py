"""The vault: whom a case is about, and the key that opens its texts; both sealed."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the vault's tables. No column holds a number, a name or a key in the open.

    `place` counts a person's cases in a municipality: two that open at once take the same place, and the second is
    turned away by the constraint.
    """
    op.execute("""
        create table identity (
            case_id uuid primary key,
            municipality text not null,
            number bigint generated always as identity,
            sealed bytea not null,
            bsn_index bytea,
            place integer,
            name_index bytea,
            check ((bsn_index is null) = (place is null)),
            unique (bsn_index, place)
        )
    """)
    op.execute("create index identity_by_name on identity (name_index, number) where name_index is not null")
    op.execute("""
        create table case_key (
            case_id uuid primary key,
            municipality text not null,
            sealed bytea,
            destroyed_at timestamptz,
            check ((sealed is null) = (destroyed_at is not null))
        )
    """)
