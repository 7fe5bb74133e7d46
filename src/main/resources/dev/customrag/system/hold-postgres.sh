# Holds a private PostgreSQL cluster on behalf of one process: creates and starts it unless another holder has, prints
# "ready PORT", and lets go when its standard input ends, which is when that process is gone, however it went. When the
# last holder has let go, the server is stopped.
#
# Each holder has a shared lock on the file `holders`; beside the server waits a process for the exclusive one. The
# kernel drops the locks of the dead, so nothing is left over after kill -9, and a newcomer waits for the end of a stop
# that has begun. It runs in a session of its own, so that a Ctrl-C meant for the holding process does not come here.
#
# $1 folder of the server's programs   $2 folder of the cluster   $3 port, in case the server has to be started
# $4 keep: the data outlive the server   discard: each start has an empty database, and no power cut is survived
set -eu
umask 077
bin=$1
home=$(readlink -f "$2")
port=$3
lifetime=$4
data=$home/data
patience=60

fail() {
    echo "$*"
    exit 1
}

pid_file_line() {
    sed -n "$1s/ *\$//p" "$data/postmaster.pid" 2>/dev/null
}

# Whether the process in postmaster.pid is this cluster's server: a server works in its data directory. After a crash
# the file stays behind, and its process id may by now be another program's.
is_running() {
    pid=$(pid_file_line 1)
    [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$data" ]
}

await_server() {
    tries=$((patience * 20))
    until is_running && [ "$(pid_file_line 8)" = ready ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] && kill -0 "${supervisor:-$pid}" 2>/dev/null || return 1
        sleep 0.05
    done
    port=$(pid_file_line 4)
}

# A server that somebody told to stop is none; one that is starting is, or will be.
is_running_for_good() {
    while is_running && [ "$(pid_file_line 8)" = stopping ]; do
        sleep 0.05
    done
    is_running
}

# Under another name first: an initdb that was cut short must not pass for a cluster.
create_cluster() {
    rm -rf "$data" "$home/data.new"
    od -An -tx1 -N24 /dev/urandom | tr -d ' \n' >"$home/password"
    # shellcheck disable=SC2086 # no or one word
    "$bin/initdb" -D "$home/data.new" --username=postgres --pwfile="$home/password" --auth=scram-sha-256 \
        --encoding=UTF8 --locale=C.UTF-8 $initdb_options >"$home/log" 2>&1 || fail "$(cat "$home/log")"
    mv "$home/data.new" "$data"
}

# Runs the server until it ends or nobody holds it any more.
supervise() {
    exec 8>&- 9>&-
    # shellcheck disable=SC2086 # several words
    "$bin/postgres" -D "$data" -c listen_addresses=127.0.0.1 -c port="$port" -c unix_socket_directories= \
        -c shared_buffers=64MB $server_options &
    server=$!
    # The lock is kept until the server is down.
    flock "$home/holders" \
        sh -c 'kill -INT "$1"; while kill -0 "$1" && [ -e "$2" ]; do sleep 0.05; done' sh "$server" "$data/postmaster.pid" &
    stopper=$!
    wait "$server" || true
    kill "$stopper" || true
}

start_server() {
    rm -f "$data/postmaster.pid"
    supervise </dev/null >"$home/log" 2>&1 &
    supervisor=$!
    await_server
}

sql() {
    PGPASSWORD=$(cat "$home/password") "$bin/psql" -Xqw -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U postgres \
        -d postgres -v password="$(cat "$home/password")" || fail "The database could not be prepared."
}

# The role of the application is an ordinary one that owns its database, as in production: what it may not do must show
# in development too. The extension and the service's role are the superuser's part.
prepare_database() {
    [ "$lifetime" = keep ] || echo 'drop database if exists customrag with (force);' | sql 2>/dev/null
    sql <<'END'
select format('create role customrag login password %L', :'password')
 where not exists (select from pg_roles where rolname = 'customrag') \gexec
select 'create role custom_rag_service nologin'
 where not exists (select from pg_roles where rolname = 'custom_rag_service') \gexec
set client_min_messages = warning;
grant custom_rag_service to customrag;
select 'create database customrag owner customrag'
 where not exists (select from pg_database where datname = 'customrag') \gexec
\connect customrag
set client_min_messages = warning;
create extension if not exists vector;
END
}

initdb_options=
server_options=
if [ "$lifetime" = discard ]; then
    initdb_options=--no-sync
    server_options='-c fsync=off -c synchronous_commit=off -c full_page_writes=off'
fi

# Without it every server would look dead.
[ -e /proc/self/cwd ] || fail "The private PostgreSQL needs /proc to be mounted."
# Waits while a server that nobody holds is being stopped, then for another starter.
exec 9>>"$home/holders" 8>>"$home/starter"
flock -s -w $patience 9 || fail "The server in $home does not stop."
flock -w $patience 8 || fail "Another process has been starting the server in $home for too long."
if is_running_for_good; then
    await_server || fail "The server in $home is there, but does not get ready: $home/log"
else
    major=$("$bin/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')
    if [ ! -f "$data/PG_VERSION" ]; then
        create_cluster
    elif [ "$(cat "$data/PG_VERSION")" != "$major" ]; then
        [ "$lifetime" = discard ] || fail "The data in $data are of PostgreSQL $(cat "$data/PG_VERSION"), which is not" \
            "installed any more; here is PostgreSQL $major. Install the older one again, or move the data away to start" \
            "with an empty database."
        create_cluster
    fi
    if ! start_server; then
        # Without fsync, a power cut may have spoilt data that nobody wants to keep.
        [ "$lifetime" = discard ] && ! grep -q 'could not bind' "$home/log" || fail "$(tail -n 20 "$home/log")"
        create_cluster
        start_server || fail "$(tail -n 20 "$home/log")"
    fi
    prepare_database
fi
exec 8>&-
echo "ready $port"
while read -r _; do :; done
