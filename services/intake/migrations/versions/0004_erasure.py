"""Erasing for good: what is kept and until when, which keys were destroyed, and the log of who read personal data."""

from alembic import op

from shared.migrating import roles, statements

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Creates the tables, and fills what is kept from the cases that are there."""
    who = roles(op.get_context().config)
    for script in (_KEEPING, _DESTROYED, _READING, _RIGHTS.format(**who)):
        for statement in statements(script):
            op.execute(statement)
    op.execute(_FORGET)
    op.execute("revoke all on function forget_readings(interval) from public")
    op.execute(f"grant execute on function forget_readings(interval) to {who['writer']}")


_KEEPING = """
create table keeping (
    case_id uuid primary key,
    municipality text not null,
    result text,
    ended_on date,
    joined_to uuid,
    asked_for text,
    asked_by text,
    asked_at timestamptz,
    asked_until date,
    run_id uuid,
    check ((result is null) = (ended_on is null)),
    check ((asked_for is null) = (asked_by is null or asked_at is null or asked_until is null))
);
create index keeping_ended on keeping (municipality, result, ended_on) where ended_on is not null;
create index keeping_joined on keeping (joined_to) where joined_to is not null;
create index keeping_asked on keeping (asked_at, case_id) where asked_for is not null;
alter table cases no force row level security;
insert into keeping (case_id, municipality, result, ended_on, joined_to)
select case_id, municipality,
    case when ended_on is null then null
        when decision = 'granted' then 'provided'
        when decision in ('denied', 'not_taken_up') then decision
        else 'broken_off' end,
    ended_on, joined_to
from (select case_id, municipality, state ->> 'decision' decision,
        case when state ->> 'status' not in ('received', 'supplement', 'granted') then coalesce(
            (state ->> 'ended_on')::date,
            ((state ->> 'over_at')::timestamptz at time zone 'Europe/Amsterdam')::date) end ended_on,
        case when (state ->> 'joined')::boolean then (state ->> 'earlier_case_id')::uuid end joined_to
    from cases) known
where ended_on is not null or joined_to is not null;
alter table cases force row level security;
"""
"""Rows are hidden from the owner too, so the table is opened to it for as long as it is read."""
_DESTROYED = """
create table destroyed (
    case_id uuid primary key,
    number bigint generated always as identity,
    destroyed_at timestamptz not null
);
create unique index destroyed_in_order on destroyed (number);
create index event_destroyed on event (position) where type = 'nl.overdrachten.case_key_destroyed.v1';
"""
"""`destroyed` is what a vault that was put back is held against; rows only come."""
_READING = """
create table reading (
    position bigint generated always as identity primary key,
    trace_id bytea not null,
    span_id bytea not null,
    parent_span_id bytea,
    status text not null default 'Ok' check (status in ('Unset', 'Ok', 'Error')),
    name text not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    activity text not null,
    subject text not null,
    processor text,
    case_id uuid,
    municipality text not null,
    reader text not null,
    role text not null,
    organisation text
);
create function one_reading_at_a_time() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(7310004); return null; end $$;
create trigger reading_in_order before insert on reading for each statement execute function one_reading_at_a_time();
create index reading_by_case on reading (case_id, position);
create index reading_by_subject on reading (subject, position);
create index reading_by_age on reading using brin (ended_at);
"""
"""A line a person and action (Logboek Dataverwerkingen). Rows only come: nobody may change or delete one, save the
function below, and that only what is older than a year. They become visible in their order, as events do, by a lock of
their own: who goes on after the last line misses none."""
_FORGET = """
create function forget_readings(keep interval) returns bigint language plpgsql security definer
    set search_path = public, pg_temp as $$
declare gone bigint;
begin
    if keep < interval '1 year' then
        raise exception 'the log of readings is kept for a year at least';
    end if;
    delete from reading where ended_at < now() - keep;
    get diagnostics gone = row_count;
    return gone;
end $$
"""
_RIGHTS = """
grant select, insert, update, delete on keeping to {writer};
grant select, insert on destroyed, reading to {writer};
grant select on keeping, destroyed, reading to {reader};
alter table keeping enable row level security;
alter table keeping force row level security;
create policy writes on keeping to {writer} using (true) with check (true);
create policy sees on keeping for select to {reader} using (
    exists (select 1 from cases c where c.case_id = keeping.case_id));
alter table destroyed enable row level security;
alter table destroyed force row level security;
create policy writes on destroyed to {writer} using (true) with check (true);
create policy sees on destroyed for select to {reader} using (
    exists (select 1 from cases c where c.case_id = destroyed.case_id));
alter table reading enable row level security;
alter table reading force row level security;
create policy writes on reading to {writer} using (true) with check (true);
create policy forgets on reading to current_user using (true);
create policy sees on reading for select to {reader} using (
    case (select current_setting('app.sight', true))
        when 'all' then true
        when 'municipality' then municipality = (select nullif(current_setting('app.municipality', true), ''))
        else exists (select 1 from cases c where c.case_id = reading.case_id)
    end);
"""
