#!/bin/sh
# Installs what a private PostgreSQL cluster with pgvector needs, and nothing more: the server (15 or newer) from the
# distribution's packages, pgvector (0.8 or newer) from its package or, where the release has none for that server,
# built from the distribution's own newer source package. Running it again changes nothing.
#
# Everything is fetched through apt, from the mirrors this machine already uses, and checked against the
# distribution's keyring. Two things are kept off the machine on purpose: the distribution's shared "main" cluster is
# neither created nor started, and the development packages, which drag in LLVM and clang, are only unpacked into a
# temporary folder.
set -eu
export LC_ALL=C
# The administration tools (dpkg needs ldconfig, start-stop-daemon) are not on every user's PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

oldest_server=15
oldest_pgvector=0.8
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
script=$0

say() {
    echo "install-postgres: $*"
}

fail() {
    for line in "$@"; do
        echo "install-postgres: $line" >&2
    done
    exit 1
}

# --- What is here -----------------------------------------------------------------------------------------------------

version_at_least() {
    awk -v have="$1" -v want="$2" 'BEGIN {
        split(have, h, /[^0-9]+/); split(want, w, /[^0-9]+/)
        for (i = 1; i <= 3; i++) if (h[i] + 0 != w[i] + 0) exit (h[i] + 0 < w[i] + 0)
    }'
}

# The pgvector version a shared data folder offers; empty where there is none.
pgvector_in() {
    sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" "$1/extension/vector.control" 2>/dev/null || true
}

# Complete: a server that is new enough, its tools and a pgvector that is new enough.
is_complete() {
    for program in postgres initdb psql pg_config; do
        [ -x "$1/$program" ] || return 1
    done
    version=$("$1/pg_config" --version | sed 's/^PostgreSQL //')
    version_at_least "$version" "$oldest_server" || return 1
    pgvector=$(pgvector_in "$("$1/pg_config" --sharedir)")
    [ -n "$pgvector" ] && version_at_least "$pgvector" "$oldest_pgvector"
}

installed_majors() {
    for server in /usr/lib/postgresql/*/bin/postgres; do
        major=${server#/usr/lib/postgresql/}
        major=${major%/bin/postgres}
        if [ -x "$server" ] && [ "$major" -ge "$oldest_server" ] 2>/dev/null; then
            echo "$major"
        fi
    done | sort -rn
}

report_if_complete() {
    for bin in $(pg_config --bindir 2>/dev/null || true) $(installed_majors | sed 's,.*,/usr/lib/postgresql/&/bin,'); do
        if is_complete "$bin"; then
            say "PostgreSQL $version with pgvector $pgvector: $bin"
            return 0
        fi
    done
    return 1
}

# --- What apt has -----------------------------------------------------------------------------------------------------

# The version apt would install; empty where it knows of none.
candidate() {
    apt-cache policy "$1" | sed -n 's/^  Candidate: //p' | grep -v '(none)' || true
}

has_candidate() {
    [ -n "$(candidate "$1")" ]
}

has_pgvector_package() {
    packaged=$(candidate "postgresql-$1-pgvector")
    [ -n "$packaged" ] && version_at_least "$packaged" "$oldest_pgvector"
}

available_majors() {
    apt-cache pkgnames postgresql- | sed -n 's/^postgresql-\([0-9][0-9]*\)$/\1/p' | sort -rn | while read -r major; do
        if [ "$major" -ge "$oldest_server" ] && has_candidate "postgresql-$major"; then
            echo "$major"
        fi
    done
}

# An installed server first, so that a machine gets a second one only when its own cannot have pgvector; among servers
# still to be installed, one whose pgvector is a package.
choose_server() {
    for major in $(installed_majors); do
        if has_pgvector_package "$major"; then pgvector_from=package; return; fi
        if has_candidate "postgresql-server-dev-$major"; then pgvector_from=source; return; fi
    done
    for major in $(available_majors); do
        if has_pgvector_package "$major"; then pgvector_from=package; return; fi
    done
    for major in $(available_majors); do
        if has_candidate "postgresql-server-dev-$major"; then pgvector_from=source; return; fi
    done
    fail "apt knows no PostgreSQL $oldest_server or newer that pgvector can be had for." \
        "Run 'apt-get update' as root, or set QUARKUS_DATASOURCE_JDBC_URL to a database of yours."
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_packages() {
    is_installed "postgresql-$major" || echo "postgresql-$major"
    if [ "$pgvector_from" = package ]; then
        echo "postgresql-$major-pgvector"
    else
        for package in debian-archive-keyring dpkg-dev gcc libc6-dev make; do
            is_installed "$package" || echo "$package"
        done
    fi
}

# --- Doing it ---------------------------------------------------------------------------------------------------------

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

may_act_as_root() {
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

# Runs a command, its output kept for the case that it fails: apt says a page where one line will do.
quietly() {
    if ! "$@" >"$work/log" 2>&1; then
        cat "$work/log" >&2
        fail "failed: $*"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@"
}

# postgresql-common creates and starts a "main" cluster with the first server, unless told not to. The drop-in says so
# for this one installation and goes again: whoever installs another server later gets the distribution's behaviour.
create_no_main_cluster() {
    dropins=/etc/postgresql-common/createcluster.d
    dropin=$dropins/custom-rag-assistant.conf
    if [ ! -d $dropins ]; then
        made_dropins=yes
        as_root mkdir -p $dropins
    fi
    echo 'create_main_cluster = false' | as_root tee $dropin >/dev/null
}

forget_no_main_cluster() {
    [ -z "${dropin:-}" ] || as_root rm -f "$dropin"
    [ -z "${made_dropins:-}" ] || as_root rmdir "$dropins" 2>/dev/null || true
}

clean_up() {
    forget_no_main_cluster
    rm -rf "$work"
}

install_packages() {
    [ $# -gt 0 ] || return 0
    say "installing $*"
    create_no_main_cluster
    quietly apt_get install -y --no-install-recommends "$@"
    forget_no_main_cluster
}

# The mirror this machine has its distribution from.
mirror() {
    apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' \
        | sed -n 's/^Debian|Debian|main|//p' | head -n 1
}

# A folder apt's unprivileged download user can write to, so that downloads stay sandboxed also as root.
download_folder() {
    mkdir -p "$1"
    if [ "$(id -u)" = 0 ] && getent passwd _apt >/dev/null; then
        chown _apt "$1"
    fi
}

# apt with package lists of its own: the machine's sources and lists stay as they are.
private_apt() {
    apt-get -q -o Dir::Etc::SourceList="$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" "$@"
}

# Fetches pgvector's source package from the first newer release that has one; leaves it in $work/source.
fetch_pgvector_source() {
    from=$(mirror)
    [ -n "$from" ] || fail "no Debian mirror in this machine's apt configuration: install pgvector $oldest_pgvector" \
        "or newer for PostgreSQL $major by hand, or set QUARKUS_DATASOURCE_JDBC_URL to a database of yours."
    [ -r $keyring ] || fail "$keyring is missing: install debian-archive-keyring."
    for suite in stable testing unstable; do
        rm -rf "$work/apt" "$work/source"
        mkdir -p "$work/apt/cache/archives/partial"
        download_folder "$work/apt/lists"
        download_folder "$work/apt/lists/partial"
        download_folder "$work/source"
        echo "deb-src [signed-by=$keyring] $from $suite main" >"$work/apt/sources.list"
        if private_apt update >"$work/log" 2>&1 \
            && (cd "$work/source" && private_apt source --download-only pgvector) >>"$work/log" 2>&1; then
            source_version=$(sed -n 's/^Version: *//p' "$work"/source/pgvector_*.dsc | head -n 1)
            if version_at_least "$source_version" "$oldest_pgvector"; then
                say "pgvector $source_version: source package of Debian $suite"
                return
            fi
        fi
    done
    cat "$work/log" >&2
    fail "found no pgvector $oldest_pgvector or newer in the distribution's releases."
}

# The server's headers and build rules, unpacked beside a copy of pg_config: PostgreSQL finds its folders relative to
# the program that asks, so the build sees only this copy.
unpack_server_development() {
    download_folder "$work/packages"
    development=postgresql-server-dev-$major
    installed=$(dpkg-query -W -f '${Version}' "postgresql-$major")
    (cd "$work/packages" && apt-get -q download "$development=$installed") >"$work/log" 2>&1 \
        || (cd "$work/packages" && quietly apt-get -q download "$development")
    server=usr/lib/postgresql/$major
    mkdir -p "$work/root/$server/bin"
    dpkg-deb -x "$work/packages/$development"_*.deb "$work/root"
    cp "/$server/bin/pg_config" "$work/root/$server/bin/"
    [ -e "$work/root/$server/lib/pgxs" ] || ln -s "/$server/lib/pgxs" "$work/root/$server/lib/pgxs"
}

# OPTFLAGS="": no -march=native, so that a copied machine image still runs. with_llvm=no: no bitcode for the JIT,
# which would need the server's own clang.
build_pgvector() {
    fetch_pgvector_source
    unpack_server_development
    say "compiling pgvector for PostgreSQL $major"
    quietly dpkg-source -x "$work"/source/pgvector_*.dsc "$work/pgvector"
    pg_config=$work/root/usr/lib/postgresql/$major/bin/pg_config
    for target in all install; do
        quietly make -j "$(nproc)" -C "$work/pgvector" PG_CONFIG="$pg_config" OPTFLAGS="" with_llvm=no $target
    done
    libraries=$("/usr/lib/postgresql/$major/bin/pg_config" --pkglibdir)
    extensions=$("/usr/lib/postgresql/$major/bin/pg_config" --sharedir)/extension
    say "installing $libraries/vector.so, $extensions/vector*"
    as_root install -m 644 "$("$pg_config" --pkglibdir)/vector.so" "$libraries/"
    # The control file last: it is what says that the extension is there.
    as_root install -m 644 "$("$pg_config" --sharedir)"/extension/vector--*.sql "$extensions/"
    as_root install -m 644 "$("$pg_config" --sharedir)/extension/vector.control" "$extensions/"
}

if report_if_complete; then
    exit 0
fi
command -v apt-get >/dev/null || fail \
    "no PostgreSQL $oldest_server or newer with pgvector $oldest_pgvector or newer, and this system has no apt." \
    "Install both with your system's packages, or set QUARKUS_DATASOURCE_JDBC_URL to a database of yours."
if may_act_as_root; then
    work=$(mktemp -d)
    chmod 755 "$work"
    trap clean_up EXIT
    trap 'exit 1' HUP INT TERM
    say "refreshing apt's package lists"
    apt_get update >"$work/log" 2>&1 \
        || say "apt-get update failed in part, going on with the lists there are: $(grep '^E:' "$work/log" | head -n 1)"
    choose_server
    # shellcheck disable=SC2046 # one word per package
    install_packages $(missing_packages)
    [ "$pgvector_from" = package ] || build_pgvector
    report_if_complete || fail "still incomplete after the installation: this is a fault of $script."
    exit 0
fi
choose_server
and_builds=
[ $pgvector_from = package ] || and_builds=", and compiles pgvector from Debian's source package"
fail "PostgreSQL $oldest_server or newer with pgvector $oldest_pgvector or newer is missing, and installing it needs root." \
    "Run this as root, or let sudo do it without a password:" \
    "    sh $script" \
    "It installs $(missing_packages | paste -s -d ' ')$and_builds." \
    "Or set QUARKUS_DATASOURCE_JDBC_URL to a database of yours."
