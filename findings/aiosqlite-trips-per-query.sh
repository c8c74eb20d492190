#!/usr/bin/env bash
# Guess: a query with aiosqlite costs one trip to its thread, or one for each page.
# Opening, reading and closing a cursor are three trips; reading row by row is one more
# for every 64 rows and one that finds the end.
# Why it matters: the trips, and not SQLite, are most of the time of a small query, and
# they wait in one line for each connection. aiosqlite 0.22.1, seen 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" aiosqlite==0.22.1)
"$python" - <<'PYTHON'
import asyncio
from importlib.metadata import version

import aiosqlite

trips = 0


class Counting(aiosqlite.Connection):
    async def _execute(self, fn, *args, **kwargs):
        global trips
        trips += 1
        return await super()._execute(fn, *args, **kwargs)


async def main():
    global trips
    aiosqlite.core.Connection = Counting
    seen = {}
    async with aiosqlite.connect(":memory:") as connection:
        trips = 0
        async with connection.execute("SELECT 1") as cursor:
            await cursor.fetchall()
        seen["one row"] = trips
        rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
        trips = 0
        async with connection.execute(f"{rows} SELECT i FROM n") as cursor:
            async for _ in cursor:
                pass
        seen["1000 rows, one by one"] = trips
    return seen


print("aiosqlite", version("aiosqlite"))
seen = asyncio.run(main())
for what, count in seen.items():
    print(f"{what}: {count} trips to the thread")
assert seen == {"one row": 3, "1000 rows, one by one": 19}, "the behaviour has changed"
PYTHON
