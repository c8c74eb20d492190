"""The recorder of a real Jellyfin, run against ours, and its answers compared.

One recording takes about a minute, most of it waiting; all tests share it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.contract.shared import beside

from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve_in_thread
from media_server_simulators.world_file import read_world

# What the first clients stand on: accounts, rights, sign-in, libraries.
GROUND = {"api_keys", "server_info", "libraries"}
GROUND_PREFIXES = ("auth_", "users_", "user_", "policy_", "password_")
# What a catalogue is read with.
CATALOGUE = ("items_", "play_state", "activity_log")


@dataclass(frozen=True)
class Scenario:
    name: str
    total: int
    alike: int

    @property
    def percent(self) -> float:
        return 100 * self.alike / self.total if self.total else 100

    @property
    def is_ground(self) -> bool:
        return self.name in GROUND or self.name.startswith(GROUND_PREFIXES)

    @property
    def is_catalogue(self) -> bool:
        return self.name.startswith(CATALOGUE)


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> list[Scenario]:
    transcripts = beside("transcripts")
    out = tmp_path_factory.mktemp("recorded")
    simulator = JellyfinSimulator(read_world(transcripts / "world.json"))
    with serve_in_thread(simulator) as url:
        record = [transcripts / "record.py", "record", "--no-files", "--base", url]
        run(*record, "--out", out)
    report = out / "report" / "compared.json"
    report.parent.mkdir()
    real = transcripts / "jellyfin-12.0"
    run(transcripts / "compare.py", real, out, "--json", report)
    result = json.loads(report.read_text())["scenarios"]
    return [Scenario(s["scenario"], s["total"], s["alike"]) for s in result]


def run(*command: str | Path) -> None:
    done = subprocess.run(  # noqa: S603  # two programs that lie beside the project
        [sys.executable, *command],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def percent(scenarios: list[Scenario]) -> float:
    return 100 * sum(s.alike for s in scenarios) / sum(s.total for s in scenarios)


def test_accounts_rights_and_libraries_answer_as_recorded(
    scenarios: list[Scenario],
) -> None:
    ground = [each for each in scenarios if each.is_ground]
    assert sum(each.total for each in ground) > 400
    assert percent(ground) >= 97
    assert [each for each in ground if each.percent < 85] == []


def test_items_plays_and_the_log_answer_as_recorded(scenarios: list[Scenario]) -> None:
    catalogue = [each for each in scenarios if each.is_catalogue]
    assert sum(each.total for each in catalogue) > 150
    assert percent(catalogue) >= 97
    assert [each for each in catalogue if each.percent < 85] == []


def test_the_rest_answers_as_recorded(scenarios: list[Scenario]) -> None:
    rest = [e for e in scenarios if not e.is_ground and not e.is_catalogue]
    assert sum(each.total for each in rest) > 50
    assert percent(rest) >= 97
    assert [each for each in rest if each.percent < 85] == []
