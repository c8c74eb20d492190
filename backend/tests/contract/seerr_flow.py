"""Seerr's key, where it is sent rightly and wrongly, and where Seerr fails."""

import time

from media_server_simulators.faults import read_fault
from media_server_simulators.generator import make_world
from media_server_simulators.seerr import SeerrSimulator
from media_server_simulators.seerr.furnishing import Crowd
from media_server_simulators.server import serve_in_thread
from tests.contract.witness import Witness

SEERR = "/integrations/seerr"


def connect_and_read(witness: Witness) -> None:
    simulator = SeerrSimulator(make_world(people=1), crowd=Crowd(2, 2))
    key = witness.know("API key", simulator.api_key)
    bad = witness.know("API key", "no-key-of-a-seerr")
    with serve_in_thread(simulator) as url:
        for given in (
            {"url": url, "api_key": bad},
            {"url": url, "api_key": [key]},
            {"url": url, "apikey": key},
            {"url": f"{url}/?api_key={key}", "api_key": key},
            {"url": f"http://user:{key}@127.0.0.1:9", "api_key": key},
            {"url": "http://127.0.0.1:9", "api_key": key},
        ):
            witness.call("POST", f"{SEERR}/test", given)
            witness.call("PUT", SEERR, given)
        assert witness.call("PUT", SEERR, {"url": url, "api_key": key})["api_key_set"]
        assert _sync(witness)["status"] == "succeeded"
        for kind in ("html", "truncate", "drop", "empty"):
            simulator.faults.add(
                read_fault({"path_prefix": "/", "kind": kind, "times": 3})
            )
            witness.call("POST", f"{SEERR}/test")
            _sync(witness)
        witness.call("GET", SEERR)


def _sync(witness: Witness) -> dict[str, str]:
    run_id = witness.call("POST", f"{SEERR}/sync")["run_id"]
    until = time.monotonic() + 60
    while time.monotonic() < until:
        run = witness.call("GET", f"/runs/{run_id}")
        if run["status"] not in {"queued", "running"}:
            return run
        time.sleep(0.1)
    raise AssertionError("the sync does not end")
