#!/bin/sh
# One database and one login role per service, each role the owner of its own database and of nothing else. Runs once,
# in the official image, when the volume is empty; `overdracht run` does the same in deploy/embedded/databases.py.
set -eu
secrets=${SECRETS:-/run/secrets}

sql() { # database; the statements come in
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "$1"
}

for database in postgres template1; do
    echo "revoke connect on database $database from public;" | sql postgres
done
for service in intake diagnosis referral outcome; do
    SERVICE=$service PASSWORD=$(cat "$secrets/${service}_password")
    export SERVICE PASSWORD
    sql postgres <<'SQL'
\getenv name SERVICE
\getenv password PASSWORD
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
done
