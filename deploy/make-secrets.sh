#!/bin/sh
# Makes what docker-compose.yml keeps secret: once, in .secrets/ (or the folder named). What is there stays as it is.
# Without vault_key no identity and no text can ever be read again: keep a copy of this folder apart from the data.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-.secrets}
mkdir -p "$folder"
chmod 700 "$folder" # containers read the files as accounts of their own; on this machine nobody else passes the folder

random() {
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}

keep() { # name, value
    [ -s "$folder/$1" ] && return
    printf '%s' "$2" >"$folder/$1.new"
    chmod 644 "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
    made="$made $1"
}

made=""
for name in postgres_password grafana_password id_key vault_key lake_key; do
    keep "$name" "$(random)"
done
for service in intake diagnosis referral outcome; do
    keep "${service}_signing_key" "$(random)"
    for role in "$service" "${service}_owner"; do # the second owns the tables, and only migrates
        keep "${role}_password" "$(random)"
        keep "${role}_database_url" "postgresql://$role:$(cat "$folder/${role}_password")@postgres:5432/$service"
    done
done
echo "Geheimen in $folder, nieuw · secrets, new:${made:- geen · none}"
