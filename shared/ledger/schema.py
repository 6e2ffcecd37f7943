"""The ledger's tables as SQL, one frozen text per version, called by each service's migrations.

Who adds events holds a lock from before the first position is taken until the commit is visible. So positions become
visible in their order, whoever writes, and a reader that goes on after the last one it saw misses nothing.
"""

V1 = """
create table event (
    position bigint generated always as identity primary key,
    id uuid not null,
    case_id uuid not null,
    caseversion integer not null,
    type text not null,
    data json not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    casehash bytea not null,
    causation text not null,
    traceparent text not null,
    unique (case_id, caseversion)
);
create function one_at_a_time() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(7310003); return null; end $$;
create trigger event_in_order before insert on event for each statement execute function one_at_a_time();
create table cases (
    case_id uuid primary key,
    municipality text not null,
    version integer not null,
    casehash bytea not null,
    state json not null,
    heard json not null,
    status text not null,
    turn text not null,
    caseworker text not null,
    due_at timestamptz,
    overdue_since timestamptz,
    opened_at timestamptz not null
) with (fillfactor = 70);
create index cases_open on cases (opened_at, case_id) include (status) where status <> 'closed';
create index cases_by_municipality on cases (municipality, opened_at, case_id);
create index cases_by_caseworker on cases (caseworker, opened_at, case_id);
create index cases_open_by_municipality on cases (municipality, opened_at, case_id) where status <> 'closed';
create index cases_open_by_caseworker on cases (caseworker, opened_at, case_id) where status <> 'closed';
create index cases_overdue on cases (overdue_since, case_id) where overdue_since is not null;
create table party (
    organisation text not null,
    opened_at timestamptz not null,
    case_id uuid not null,
    primary key (organisation, opened_at, case_id)
);
create table clock (
    case_id uuid primary key,
    due_at timestamptz not null
);
create index clock_due on clock (due_at);
create table inbox (
    source text not null,
    id uuid not null,
    request uuid,
    recorded_at timestamptz not null default now(),
    answer json,
    primary key (source, id)
);
create table letter (
    position bigint generated always as identity primary key,
    status text not null check (status in ('waiting', 'dead', 'put_back')),
    reason text not null,
    parks boolean not null,
    source text not null,
    event_id text not null,
    case_id uuid,
    fact text not null,
    caseversion integer not null,
    topic text not null,
    partition integer not null,
    record_offset bigint not null,
    key bytea,
    headers json not null,
    value bytea,
    received_at timestamptz not null default now(),
    tries integer not null default 1,
    published boolean not null default false
);
create index letter_open on letter (case_id) where status <> 'put_back';
create index letter_status on letter (status, position) where status <> 'put_back';
create unique index letter_once on letter (topic, partition, record_offset, event_id) where status <> 'put_back';
create table relay (
    name text primary key,
    position bigint not null,
    offsets json not null
);
create table checkpoint (
    number bigint primary key,
    position bigint not null,
    events bigint not null,
    root bytea not null,
    previous bytea not null,
    at timestamptz not null,
    key_id text not null,
    signature text not null
);
"""
V2 = """
alter table cases add column parties text[] not null default '{{}}';
update cases set parties = coalesce((select array_agg(p.organisation order by p.organisation) from party p
    where p.case_id = cases.case_id), '{{}}');
grant usage on schema public to {writer}, {reader};
grant select, insert on event, checkpoint, inbox, party to {writer};
grant select, insert, update on cases, relay to {writer};
grant select, insert, update, delete on clock, letter to {writer};
grant select on cases, event, party to {reader};
alter table cases enable row level security;
alter table cases force row level security;
create policy writes on cases to {writer} using (true) with check (true);
create policy sees on cases for select to {reader} using (
    case (select current_setting('app.sight', true))
        when 'all' then true
        when 'municipality' then municipality = (select nullif(current_setting('app.municipality', true), ''))
        when 'organisation' then (select nullif(current_setting('app.organisation', true), '')) = any(parties)
            and municipality = coalesce((select nullif(current_setting('app.municipality', true), '')), municipality)
        when 'cases' then case_id = any((select string_to_array(current_setting('app.cases', true), ','))::uuid[])
        else false
    end);
alter table event enable row level security;
alter table event force row level security;
create policy writes on event to {writer} using (true) with check (true);
create policy sees on event for select to {reader} using (
    (select current_setting('app.sight', true)) = 'all'
    or exists (select 1 from cases c where c.case_id = event.case_id));
alter table party enable row level security;
alter table party force row level security;
create policy writes on party to {writer} using (true) with check (true);
create policy sees on party for select to {reader} using (
    (select current_setting('app.sight', true)) = 'all'
    or exists (select 1 from cases c where c.case_id = party.case_id));
"""
"""Who may: the service's own role writes, adds to the record and never changes it, and owns nothing; the reader sees
the rows within the caller's sight (shared/ledger/seeing.py), and no row when no sight was said."""

V3 = """
create index cases_by_opening on cases (opened_at, case_id);
create index cases_closed on cases (opened_at, case_id) where status = 'closed';
create index cases_closed_by_municipality on cases (municipality, opened_at, case_id) where status = 'closed';
create index cases_closed_by_caseworker on cases (caseworker, opened_at, case_id) where status = 'closed';
create statistics cases_caseworker (dependencies) on municipality, caseworker from cases;
alter table party add column municipality text;
alter table cases no force row level security;
alter table party no force row level security;
update party set municipality = (select c.municipality from cases c where c.case_id = party.case_id);
alter table party force row level security;
alter table cases force row level security;
alter table party alter column municipality set not null;
create index party_by_municipality on party (organisation, municipality, opened_at, case_id);
alter policy sees on event using (
    (select current_setting('app.sight', true)) = 'all'
    or exists (select 1 from cases c where c.case_id = event.case_id offset 0));
alter policy sees on party using (
    (select current_setting('app.sight', true)) = 'all'
    or exists (select 1 from cases c where c.case_id = party.case_id offset 0));
"""
"""Lists stay as quick however many cases there are: each has its index, and a row's case is looked up by its key.
Without `offset 0` PostgreSQL would rather gather all cases within sight first, for a page of any size. Rows are hidden
from the owner too, so the tables are opened to it for as long as they are read."""

V4 = """
alter table event add column municipality text not null default '';
alter table cases no force row level security;
alter table event no force row level security;
update event set municipality = c.municipality from cases c where c.case_id = event.case_id;
alter table event force row level security;
alter table cases force row level security;
create index event_by_municipality on event (municipality, position);
alter policy sees on event using (
    case (select current_setting('app.sight', true))
        when 'all' then true
        when 'municipality' then municipality = (select nullif(current_setting('app.municipality', true), ''))
        else exists (select 1 from cases c where c.case_id = event.case_id offset 0)
    end);
create index cases_overdue_by_municipality on cases (municipality, overdue_since, case_id)
    where overdue_since is not null;
create index cases_overdue_by_caseworker on cases (caseworker, overdue_since, case_id)
    where overdue_since is not null;
"""
"""A municipality reads its own facts and its overdue cases in their order, however much there is of others. A case
never changes its municipality, and so neither does a fact."""
