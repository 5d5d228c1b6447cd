#!/bin/sh
# Install the system parts the tests use: a browser, a Chinese font, Node with npm, PostgreSQL's
# programs. As root with apt-get only; everywhere else it says which tests will skip. With CI=true a part
# that stays missing is an error.
set -eu

has_browser() { command -v chromium >/dev/null; }
has_font() { command -v fc-list >/dev/null && fc-list :lang=zh-cn | grep -q .; }
has_node() { command -v node >/dev/null; }
has_npm() { command -v npm >/dev/null; }
has_postgresql() {
    command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

missing_packages() {
    has_browser || echo chromium
    # The font is asked of fontconfig, which comes with the browser.
    has_font || echo fontconfig fonts-noto-cjk
    has_node || echo nodejs
    has_npm || echo npm
    has_postgresql || echo postgresql
}

# Debian starts a database server when it installs one. The tests start their own, on their own
# port and folder, so none is made.
without_a_server() {
    settings=/etc/postgresql-common/createcluster.d
    mkdir -p "$settings"
    echo "create_main_cluster = false" >"$settings/xiaoer.conf"
    status=0
    "$@" || status=$?
    rm -f "$settings/xiaoer.conf"
    return "$status"
}

install_each() {
    apt-get update -qq || echo "apt-get update failed; trying with the lists that are here" >&2
    for package in $1; do
        echo "Installing $package for the tests"
        without_a_server apt-get install -y -qq --no-install-recommends "$package" >/dev/null ||
            echo "$package could not be installed" >&2
    done
}

missing=$(missing_packages)
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    install_each "$missing"
    missing=$(missing_packages)
fi

[ -n "$missing" ] || exit 0
echo "Missing on this machine, so the tests that use them skip:" $missing >&2
[ "${CI:-}" != true ]
