#!/usr/bin/env bash
# Guess: a page of items with one value that the SDK does not know lacks at most that item.
# The whole page raises pydantic's ValidationError, which is none of the SDK's exceptions.
# Here three films are as documented, and the fourth has a new media type.
# Why it matters: with the next server version, whose enumerations have grown, lists can
# no longer be read at all. jellyfin-sdk 0.3.0, seen 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" jellyfin-sdk==0.3.0)
"$python" - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

import jellyfin.generated.api_10_11 as sdk

FILMS = [
    {"Id": f"{n:032}", "Name": f"Film {n}", "Type": "Movie", "MediaType": "Video"}
    for n in range(4)
]


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"Items": FILMS, "TotalRecordCount": 4, "StartIndex": 0}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
host = f"http://127.0.0.1:{server.server_port}"
items = sdk.ItemsApi(sdk.ApiClient(sdk.Configuration(host=host)))


def read():
    try:
        return f"{len(items.get_items().items)} films"
    except Exception as error:
        own = isinstance(error, sdk.ApiException)
        return f"{type(error).__name__}, an ApiException: {own}"


print("jellyfin-sdk", version("jellyfin-sdk"))
seen = [read()]
FILMS[3]["MediaType"] = "Hologram"
seen.append(read())
print(f"all as documented: {seen[0]}")
print(f"one unknown value: {seen[1]}")
assert seen == ["4 films", "ValidationError, an ApiException: False"], "the behaviour has changed"
PYTHON
