#!/bin/sh
# One database and three roles per service: who owns it (migrations only), who writes (owns nothing), who reads. Runs
# once, in the official image, when the volume is empty; `overdracht run` does the same in deploy/embedded/databases.py.
set -eu
secrets=${SECRETS:-/run/secrets}

sql() { # database; the statements come in
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "$1"
}

for database in postgres template1; do
    echo "revoke connect on database $database from public;" | sql postgres
done
for service in intake diagnosis referral outcome; do
    SERVICE=$service PASSWORD=$(cat "$secrets/${service}_password") OWNER_PASSWORD=$(cat "$secrets/${service}_owner_password")
    export SERVICE PASSWORD OWNER_PASSWORD
    sql postgres <<'SQL'
\getenv name SERVICE
\getenv password PASSWORD
\getenv owner_password OWNER_PASSWORD
\set owner :name _owner
\set reader :name _reader
create role :"owner" login password :'owner_password';
create role :"name" login password :'password';
create role :"reader" nologin;
grant :"reader" to :"name" with inherit false, set true;
create database :"name" owner :"owner";
revoke all on database :"name" from public;
grant connect on database :"name" to :"name";
SQL
done
