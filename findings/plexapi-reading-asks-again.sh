#!/usr/bin/env bash
# Guess: after a library's films are listed, reading an attribute of them costs nothing.
# Where a listing leaves an attribute out, which a server does for whatever is empty,
# reading it asks the server for this film alone, and returns None all the same.
# Why it matters: a loop over 5 films whose summary is empty makes 5 requests, over a
# library of 10,000 as many, with no call in sight. plexapi 4.18.3, seen 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" plexapi==4.18.3)
"$python" - <<'PYTHON'
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import plexapi
from plexapi.server import PlexServer

FILM = '<Video ratingKey="{0}" key="/library/metadata/{0}" type="movie" title="Film {0}" librarySectionID="1"/>'
SECTION = '<Directory key="1" type="movie" title="Films" uuid="u" agent="a" scanner="s" language="en"/>'
asked = []


def page(path):
    if path == "/library/sections":
        return f'<MediaContainer size="1">{SECTION}</MediaContainer>'
    if path.endswith("/all"):
        films = "".join(FILM.format(n) for n in range(1, 6))
        return f'<MediaContainer size="5" totalSize="5" offset="0">{films}</MediaContainer>'
    if path.startswith("/library/metadata/"):
        return f'<MediaContainer size="1">{FILM.format(path.split("/")[3])}</MediaContainer>'
    return '<MediaContainer size="0" friendlyName="s" machineIdentifier="m" version="1.43"/>'


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.partition("?")[0]
        asked.append(path)
        body = page(path).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
films = PlexServer(f"http://127.0.0.1:{server.server_port}", "token").library.section("Films").all()
print("plexapi", plexapi.VERSION)
seen = []
for attribute in ("title", "summary"):
    asked.clear()
    values = [getattr(film, attribute) for film in films]
    print(f"{attribute} of {len(films)} films: {values}, {len(asked)} requests")
    seen.append((values[0], len(asked)))
assert seen == [("Film 1", 0), (None, 5)], "the behaviour has changed"
PYTHON
