#!/bin/sh
# Renew uv.lock and what is exported from it for those without uv. LOCK_FLAGS=--upgrade takes newer versions.
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .tools/bin/uv)
export_to() {
    file=$1
    shift
    "$uv" export --quiet --frozen --no-emit-project --no-header --no-annotate --group build "$@" --output-file "$file" >/dev/null
}
# shellcheck disable=SC2086 # the flags are several words
"$uv" lock --quiet ${LOCK_FLAGS:-}
export_to requirements.lock
export_to requirements-test.lock --extra test
export_to requirements-bench.lock --extra test --extra bench
if grep -oE '(https?|file)://[^/"]*' uv.lock | sort -u | grep -vxE 'https://(files\.pythonhosted|pypi)\.org'; then
    echo "uv.lock names another index than pypi.org (above)" >&2
    exit 1
fi
