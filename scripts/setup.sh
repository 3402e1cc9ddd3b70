#!/bin/sh
# Set up .venv for a purpose (run, test or bench); nothing happens when it is set up already.
set -eu
cd "$(dirname "$0")/.."
python=$(sh scripts/find-python.sh)
exec "$python" scripts/setup.py "$@"
