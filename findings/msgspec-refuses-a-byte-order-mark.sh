#!/usr/bin/env bash
# Guess: msgspec reads every JSON body that Python's json and httpx2's response.json() read.
# A body that begins with a byte order mark is "malformed: invalid character (byte 0)".
# Python's json reads the same bytes without a word.
# Why it matters: some .NET programs and proxies write the mark, so a client that moves
# to msgspec loses servers it could talk to. msgspec 0.22.0, httpx2 2.16.2, 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" msgspec==0.22.0 httpx2==2.16.2)
"$python" - <<'PYTHON'
import codecs
import json
from importlib.metadata import version

import httpx2
import msgspec

body = codecs.BOM_UTF8 + b'{"Id": 1}'
readers = {
    "json.loads": lambda: json.loads(body),
    "response.json()": httpx2.Response(200, content=body).json,
    "msgspec.json.decode": lambda: msgspec.json.decode(body),
}
print("msgspec", version("msgspec"), "httpx2", version("httpx2"))
seen = []
for name, read in readers.items():
    try:
        outcome = read()
    except ValueError as error:
        outcome = f"{type(error).__name__}: {error}"
    print(f"{name}: {outcome}")
    seen.append(outcome)
refused = "DecodeError: JSON is malformed: invalid character (byte 0)"
assert seen == [{"Id": 1}, {"Id": 1}, refused], "the behaviour has changed"
PYTHON
