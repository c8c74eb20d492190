#!/usr/bin/env bash
# Guess: a workflow that was cancelled sees the exception that its caller sees.
# Inside, the next step raises DBOSWorkflowCancelledError, a BaseException: "except
# Exception" lets it pass. Outside, get_result() raises a class of another name, which is
# an Exception. Why it matters: clearing up in "except Exception" does not run, and a
# test of it from the caller's side suggests that it would. dbos 3.4.0, seen 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=$("$(dirname "$0")/python-with" "$folder" dbos==3.4.0)
"$python" - <<'PYTHON'
import logging
import tempfile
import threading
from importlib.metadata import version

from dbos import DBOS, SetWorkflowID

logging.disable(logging.CRITICAL)
folder = tempfile.TemporaryDirectory()
url = f"sqlite:///{folder.name}/durable.db"
DBOS(config={"name": "finding", "system_database_url": url, "run_admin_server": False})
began, go_on = threading.Event(), threading.Event()
seen = {}


@DBOS.step()
def further():
    pass


@DBOS.workflow()
def work():
    began.set()
    go_on.wait(30)
    try:
        further()
    except Exception as error:
        seen["inside, as an Exception"] = type(error).__name__
    except BaseException as error:
        seen["inside, as a BaseException alone"] = type(error).__name__
        raise


DBOS.launch()
with SetWorkflowID("one"):
    handle = DBOS.start_workflow(work)
began.wait(30)
DBOS.cancel_workflow("one")
go_on.set()
try:
    handle.get_result()
except Exception as error:
    seen["outside, as an Exception"] = type(error).__name__
DBOS.destroy()
print("dbos", version("dbos"))
for where, name in seen.items():
    print(f"{where}: {name}")
assert seen == {
    "inside, as a BaseException alone": "DBOSWorkflowCancelledError",
    "outside, as an Exception": "DBOSAwaitedWorkflowCancelledError",
}, "the behaviour has changed"
PYTHON
