#!/bin/sh
# Makes .venv with the locked packages and Qt's system libraries. Usage: setup.sh [dev]
# Does nothing when it has already been done for the present locks.
set -eu
cd "$(dirname "$0")/.."
lock=requirements.lock
[ "${1:-}" = dev ] && lock=requirements-dev.lock
stamp=.venv/.setup-$lock
wanted=$(cat pyproject.toml "$lock" scripts/setup.sh | cksum)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && exit 0

say() { printf '%s\n' "$*" >&2; }

# Installs Debian packages when we may; otherwise prints the exact line to type and stops.
apt_install() {
    command -v apt-get >/dev/null 2>&1 || { say "Please install: $*"; exit 2; }
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo"
    else
        say "Some system packages are missing. Type this line, then try again:"
        say "    sudo apt-get install -y $*"
        exit 2
    fi
    say "Installing system packages: $*"
    $as_root apt-get update -qq >&2 || true
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >&2
}

python=""
for candidate in python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || { say "Solvitur needs Python 3.11 or newer; none was found on the PATH."; exit 2; }

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
    say "Making the virtual environment .venv"
    "$python" -m venv --clear .venv
fi

if [ "$(uname -s)" = Linux ]; then
    missing=$(.venv/bin/python scripts/qt_libraries.py)
    # shellcheck disable=SC2086
    [ -z "$missing" ] || apt_install $missing
fi

say "Installing the packages of $lock"
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$lock" "hatchling>=1.27" "editables>=0.5"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
say "Compiling the searches"
.venv/bin/python -m solvitur_tours.warming
.venv/bin/python scripts/compile_searches.py
printf '%s' "$wanted" > "$stamp"
