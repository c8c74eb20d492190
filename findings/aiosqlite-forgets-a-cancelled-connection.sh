#!/usr/bin/env bash
# Guess: a task that is cancelled in `await aiosqlite.connect(…)` leaves nothing open.
# The thread opens the file all the same, nobody gets the connection, and it is closed
# only when Python collects it, with a ResourceWarning.
# Why it matters: a program that starts and stops quickly leaks connections, and a test
# run that treats warnings as errors fails now and then, in whichever test comes next.
# aiosqlite 0.22.1, seen 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" aiosqlite==0.22.1)
"$python" - "$folder/some.db" <<'PYTHON'
import asyncio
import gc
import sys
import warnings
from importlib.metadata import version

import aiosqlite


async def connect():
    return await aiosqlite.connect(sys.argv[1])


async def main():
    task = asyncio.create_task(connect())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    await asyncio.sleep(0.2)  # the thread ends
    del task
    gc.collect()


print("aiosqlite", version("aiosqlite"))
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always", ResourceWarning)
    asyncio.run(main())
    gc.collect()
messages = [str(one.message) for one in seen]
print("warnings:", messages)
assert any("unclosed database" in one for one in messages), "the behaviour has changed"
PYTHON
