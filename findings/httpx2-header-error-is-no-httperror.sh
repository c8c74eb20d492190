#!/usr/bin/env bash
# Guess: whatever httpx2 cannot send is an httpx2.HTTPError, so catching that is enough.
# A header value outside ASCII raises UnicodeEncodeError, a ValueError, before anything
# is sent; the same text in the URL or in the body is fine.
# Why it matters: a name or a key that a person typed ends a job that was ready for any
# failure of the network. httpx2 2.16.2, seen 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" httpx2==2.16.2)
"$python" - <<'PYTHON'
import httpx2

print("httpx2", httpx2.__version__)
client = httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(200)))
tries = {
    "in the URL": {"params": {"name": "Zoë"}},
    "in the body": {"json": {"name": "Zoë"}},
    "in a header": {"headers": {"X-Name": "Zoë"}},
}
seen = []
for where, options in tries.items():
    try:
        outcome = client.post("http://server.example/", **options).status_code
    except Exception as error:
        outcome = f"{type(error).__name__}, an HTTPError: {isinstance(error, httpx2.HTTPError)}"
    print(f"{where}: {outcome}")
    seen.append(outcome)
expected = [200, 200, "UnicodeEncodeError, an HTTPError: False"]
assert seen == expected, "the behaviour has changed"
PYTHON
