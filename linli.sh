#!/bin/sh
# Linli in one command: finds Python, makes .venv, installs what the locks name, then runs
# `python -m linli` with the arguments given. Nothing is repeated while the locks stay the same.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
LINLI_CALLED_FROM=${PWD}
export LINLI_CALLED_FROM
cd "$root"

venv="$root/.venv"
python="$venv/bin/python"

case "${LINLI_LANGUAGE:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}}" in
    zh*) say() { printf 'linli: %s\n' "$2" >&2; } ;;
    *) say() { printf 'linli: %s\n' "$1" >&2; } ;;
esac

# Tools keep their caches under HOME; when it cannot be written, they go beside the data.
if [ -z "${HOME:-}" ] || [ ! -w "${HOME:-/}" ]; then
    cache="$root/.linli/cache"
    mkdir -p "$cache"
    HOME="$cache" XDG_CACHE_HOME="$cache" UV_CACHE_DIR="$cache/uv" npm_config_cache="$cache/npm"
    export HOME XDG_CACHE_HOME UV_CACHE_DIR npm_config_cache
fi
UV_PYTHON_DOWNLOADS=never
UV_NO_CONFIG=1
export UV_PYTHON_DOWNLOADS UV_NO_CONFIG

find_python() {
    for name in "${LINLI_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
        [ -n "$name" ] || continue
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    say "Linli needs Python 3.11 or newer; install it (Debian: apt install python3)." \
        "邻里需要 Python 3.11 或更新版本，请先安装（Debian：apt install python3）。"
    return 1
}

# pip's mirror is uv's mirror too, unless uv was told otherwise.
use_mirror() {
    [ -z "${UV_INDEX_URL:-}${UV_DEFAULT_INDEX:-}" ] || return 0
    mirror=${PIP_INDEX_URL:-$("$1" -m pip config get global.index-url 2>/dev/null ||
        "$1" -m pip config get user.index-url 2>/dev/null || true)}
    if [ -n "$mirror" ]; then
        UV_DEFAULT_INDEX=$mirror
        export UV_DEFAULT_INDEX
    fi
}

stamp_of() {
    cat "$@" | cksum
}

# Several may start at once: one installs, the others wait. A dead holder is passed over.
lock() {
    until mkdir "$venv.lock" 2>/dev/null; do
        holder=$(cat "$venv.lock/pid" 2>/dev/null || true)
        if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf "$venv.lock"
        else
            sleep 1
        fi
    done
    echo $$ >"$venv.lock/pid"
    trap 'rm -rf "$venv.lock"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

unlock() {
    rm -rf "$venv.lock"
    trap - EXIT INT TERM
}

install() {
    wanted=$1
    shift
    base=$(find_python)
    use_mirror "$base"
    if [ ! -x "$python" ]; then
        say "making .venv with $base" "正在用 $base 建立 .venv"
        rm -rf "$venv"
        "$base" -m venv --without-pip "$venv"
    fi
    uv_stamp=$(stamp_of requirements/bootstrap.lock)
    if [ ! -x "$venv/bin/uv" ] || [ "$(cat "$venv/linli-uv" 2>/dev/null)" != "$uv_stamp" ]; then
        if ! "$base" -m pip --version >/dev/null 2>&1; then
            say "Python has no pip; install it (Debian: apt install python3-pip)." \
                "Python 缺少 pip，请先安装（Debian：apt install python3-pip）。"
            exit 1
        fi
        say "installing uv" "正在安装 uv"
        "$base" -m pip --python "$python" --disable-pip-version-check install --quiet --no-input \
            --no-warn-script-location --require-hashes --only-binary :all: \
            -r requirements/bootstrap.lock
        echo "$uv_stamp" >"$venv/linli-uv"
    fi
    say "installing Python packages ($wanted)" "正在安装 Python 软件包（$wanted）"
    rm -f "$venv/linli-app" "$venv/linli-test"
    "$venv/bin/uv" pip sync --quiet --python "$python" --require-hashes "$@"
    stamp_of "$@" >"$venv/linli-$wanted"
}

# "test" holds all of "app": whoever has it needs nothing more.
current() {
    [ -x "$python" ] || return 1
    for set in "$@"; do
        case $set in
            app) now=$(stamp_of requirements/app.lock) ;;
            *) now=$(stamp_of requirements/app.lock requirements/test.lock) ;;
        esac
        if [ "$(cat "$venv/linli-$set" 2>/dev/null)" = "$now" ]; then
            return 0
        fi
    done
    return 1
}

case "${1:-}" in
    test | check | bench)
        if ! current test; then
            lock
            current test || install test requirements/app.lock requirements/test.lock
            unlock
        fi
        ;;
    *)
        if ! current test app; then
            lock
            current test app || install app requirements/app.lock
            unlock
        fi
        ;;
esac

PYTHONUTF8=1
export PYTHONUTF8
PYTHONPATH="$root/src:$root"
export PYTHONPATH
exec "$python" -m linli "$@"
