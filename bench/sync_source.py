"""A simulated Jellyfin with a large library, and a bare loop that stores what it says.

    python sync_source.py serve PORT ITEMS PEOPLE
    python sync_source.py floor URL KEY DATABASE

A script, so that the server and the loop are processes of their own.
"""

import asyncio
import json
import resource
import sqlite3
import sys
import time
from collections.abc import Iterable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid7

import httpx2
import msgspec
from media_server_simulators.generator import make_world
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.jellyfin.state import Watch
from media_server_simulators.server import serve
from media_server_simulators.wire import Reply, Request

from zondarr.media.clients.jellyfin.library_shapes import Item, Items, WatchedItem

PLAYS = 300
"""Of each account."""
ASKED = "/asked"
KEY = "key-of-a-benchmark"


class Shelf:
    """Keeps each list that it was asked for, so that sending it again is cheap.

    `/asked` are the questions so far, in order.
    """

    def __init__(self, items: int, people: int) -> None:
        self._simulator = JellyfinSimulator(make_world(items=items, people=people - 1))
        self._simulator.state.api_keys[KEY] = next(
            iter(self._simulator.state.api_keys.values())
        )
        self._replies: dict[tuple[tuple[str, str], ...], Reply] = {}
        self._asked: list[tuple[tuple[str, str], ...]] = []
        self._play()

    def _play(self) -> None:
        state = self._simulator.state
        films = [each for each in state.world.titles if each.files]
        for place, user in enumerate(state.users.values()):
            for number in range(PLAYS):
                title = films[(place * 7919 + number * 13) % len(films)]
                at = state.now().replace(microsecond=0)
                watch = Watch(played=True, count=1, last_played=at)
                state.watched[user.id, title.id] = watch

    async def answer(self, request: Request) -> Reply:
        if request.path == ASKED:
            asked, self._asked = self._asked, []
            return Reply(200, json.dumps(asked).encode())
        if request.path != "/Items":
            return await self._simulator.respond(request)
        self._asked.append(request.query)
        if request.query not in self._replies:
            self._replies[request.query] = await self._simulator.respond(request)
        return self._replies[request.query]


async def keep(port: int, items: int, people: int) -> None:
    async with serve(Shelf(items, people), port=port):
        await asyncio.Event().wait()


async def floor(url: str, key: str, database: str) -> dict[str, float]:
    """Download, decode and write the lists that a sync asked for: no rule of ours."""
    lists = _asked(url)
    headers = {"Authorization": f'MediaBrowser Token="{key}"'}
    store = sqlite3.connect(database, isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=NORMAL")
    workspace = store.execute("SELECT id FROM workspaces").fetchone()[0]
    server, library = store.execute(
        "SELECT media_server_id, id FROM libraries"
    ).fetchone()
    began, busy = time.perf_counter(), time.process_time()
    rows = 0
    async with httpx2.AsyncClient(headers=headers, trust_env=False) as http:
        for query in lists:
            answer = await http.get(
                f"{url}/Items?{urlencode([(name, value) for name, value in query])}"
            )
            account = dict(query).get("userId")
            store.execute("BEGIN")
            if account is not None:
                watched = msgspec.json.decode(answer.content, type=Items[WatchedItem])
                rows += len(watched.items)
                facts = _facts(watched.items, workspace, server, account)
                _write(store, "watch_facts", facts)
            else:
                found = msgspec.json.decode(answer.content, type=Items[Item])
                rows += len(found.items)
                of_tables = _items(found.items, workspace, server, library)
                for table, values in of_tables.items():
                    _write(store, table, values)
            store.execute("COMMIT")
    return {
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - busy,
        "rows": rows,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _asked(url: str) -> list[list[tuple[str, str]]]:
    connection = HTTPConnection(urlsplit(url).netloc)
    connection.request("GET", ASKED)
    return json.loads(connection.getresponse().read())


def _write(store: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in rows[0])
    holes = ", ".join("?" * len(rows[0]))
    store.executemany(
        f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({holes})',  # noqa: S608
        [tuple(row.values()) for row in rows],
    )


def _facts(
    found: Iterable[WatchedItem], workspace: str, server: str, account: str
) -> list[dict[str, Any]]:
    facts = (each.fact(account) for each in found)
    return [
        {
            "workspace_id": workspace,
            "media_server_id": server,
            "account_id": fact.account_id,
            "item_id": fact.item_id,
            "played": fact.played,
            "play_count": fact.play_count,
            "last_played_at": str(fact.last_played_at),
            "position": fact.position,
            "favourite": fact.favourite,
            "changed_at": NOW,
        }
        for fact in facts
        if fact is not None
    ]


NOW = "2026-11-29 12:00:00.000000"


def _items(
    found: Iterable[Item], workspace: str, server: str, library: str
) -> dict[str, list[dict[str, Any]]]:
    """A title for each film and show, and whatever belongs to it."""
    tables: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("titles", "media_items", "media_files", "media_tracks")
    }
    own = {"workspace_id": workspace, "created_at": NOW, "updated_at": NOW}
    title = ""
    for row in found:
        item = row.item()
        if item is None:
            continue
        if item.kind in {"movie", "show"} or not title:
            title = uuid7().hex
            tables["titles"].append(own | _title(title, item.name, item.year or 0))
        id_ = uuid7().hex
        tables["media_items"].append(
            own
            | {
                "id": id_,
                "media_server_id": server,
                "library_id": library,
                "title_id": title,
                "kind": item.kind,
                "external_id": item.id,
                "stamp": item.stamp,
                "name": item.name,
                "season": item.season,
                "number": item.number,
                "added_at": NOW,
                "arrived_at": NOW,
                "arrival": "new",
                "listed": True,
            }
        )
        for place, version in enumerate(item.versions):
            file = uuid7().hex
            tables["media_files"].append(
                own
                | {
                    "id": file,
                    "item_id": id_,
                    "place": place,
                    "path": version.path,
                    "size": version.size,
                    "container": version.container,
                }
            )
            tables["media_tracks"] += [
                {
                    "workspace_id": workspace,
                    "file_id": file,
                    "place": number,
                    "kind": track.kind,
                    "language": track.language,
                    "codec": track.codec,
                    "channels": track.channels,
                    "title": track.title,
                    "default": track.default,
                    "forced": track.forced,
                    "hearing_impaired": track.hearing_impaired,
                    "commentary": False,
                    "external": track.external,
                }
                for number, track in enumerate(version.tracks)
            ]
    return tables


def _title(id_: str, name: str, year: int) -> dict[str, Any]:
    moments = dict.fromkeys(("added_at", "arrived_at", "active_at"), NOW)
    flags = {"listed": True, "sizes_known": True}
    noughts = dict.fromkeys(
        ("size", "largest", "largest_sum", "undated_play", "favourite"), 0
    )
    words = {"name": name, "search_text": name.lower(), "name_key": name.lower()}
    return (
        {"id": id_, "kind": "movie", "year": year} | words | flags | noughts | moments
    )


async def main(what: str, *rest: str) -> None:
    match what, rest:
        case "serve", (port, items, people):
            await keep(int(port), int(items), int(people))
        case "floor", (url, key, database):
            print(json.dumps(await floor(url, key, database)))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
