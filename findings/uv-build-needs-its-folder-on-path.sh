#!/usr/bin/env bash
# Guess: `VENV/bin/pip wheel --no-build-isolation` builds with the uv-build of that
# environment, as it does with other back ends, whatever PATH says.
# The back end looks for its own program on PATH only, not beside the Python that runs
# it: without `PATH=VENV/bin:$PATH` it says that it "was not properly installed".
# Why it matters: image builds call pip by its path, without activating anything.
# uv-build 0.13.6, pip 26.0, seen 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" uv-build==0.13.6 pip==26.0)
mkdir -p "$folder/project/src/sample"
touch "$folder/project/src/sample/__init__.py"
cat >"$folder/project/pyproject.toml" <<'TOML'
[project]
name = "sample"
version = "1.0"

[build-system]
requires = ["uv_build"]
build-backend = "uv_build"
TOML

build() { "$python" -m pip wheel --no-build-isolation --no-deps --quiet --no-index \
    --wheel-dir "$folder/wheels" "$folder/project"; }
"$python" -m pip list 2>/dev/null | grep -E '^(uv[-_]build|pip) '
if PATH=/usr/bin:/bin build 2>"$folder/error"; then
    echo "the behaviour has changed: it was built" >&2; exit 1
fi
grep -o "RuntimeError: .*" "$folder/error" | head -n 1
grep -q "was not properly installed" "$folder/error"
PATH=$(dirname "$python"):/usr/bin:/bin build
echo "with its folder on PATH: $(ls "$folder/wheels")"
