#!/bin/sh
# Print the path of a Python that is new enough (3.11), or say in one line what to type.
for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    found=$(command -v "$name" 2>/dev/null) || continue
    if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        printf '%s\n' "$found"
        exit 0
    fi
done
if command -v uv >/dev/null 2>&1; then
    found=$(UV_PYTHON_DOWNLOADS=never uv python find --no-project '>=3.11' 2>/dev/null) && {
        printf '%s\n' "$found"
        exit 0
    }
fi
echo "Python 3.11 or newer is missing. Type: sudo apt-get install python3 python3-venv" >&2
exit 1
