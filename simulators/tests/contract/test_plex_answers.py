"""The simulated media server answers in the shapes that Plex's document describes.

The document knows the media server alone; of plex.tv there is none.
"""

import importlib
import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from tests.contract.shared import beside
from tests.plex_asking import Plex, plex

from media_server_simulators.plex.views import Play

yaml: Any = importlib.import_module("yaml")  # comes with Schemathesis, without types
ALL = "/library/sections/{sectionId}/all"
ONE = "/library/metadata/{ids}"
ASKED = [
    ("/identity", "/identity"),
    ("/", "/"),
    ("/library/sections/all", "/library/sections"),
    (ALL, "/library/sections/1/all?includeGuids=1"),
    (ALL, "/library/sections/2/all"),
    (ALL, "/library/sections/2/all?type=3"),
    (ALL, "/library/sections/2/all?type=4&X-Plex-Container-Size=3"),
    (ONE, "/library/metadata/1,2,103"),
    ("/status/sessions/history/all", "/status/sessions/history/all"),
]
# A running server differs from its document: it numbers where a library is hidden
# (0 to 2), and of the streams only an external one has a path of its own.
OTHERWISE = {
    'Directory/hidden: 0 is not of type "boolean"',
    'Metadata/Media/Part/Stream: "key" is a required property',
}


@cache
def document() -> Any:
    text = beside("openapi/plex.yml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)  # it is the safe one


def complaints(template: str, body: bytes) -> list[str]:
    result = document()
    answer = result["paths"][template]["get"]["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"]
    whole = {"allOf": [schema], "components": result["components"]}
    validator = jsonschema_rs.validator_for(whole)
    errors = validator.iter_errors(json.loads(body))
    return [f"{_place(each.instance_path)}: {each.message[:160]}" for each in errors]


def _place(path: Sequence[str | int]) -> str:
    return "/".join(part for part in path[1:] if isinstance(part, str))


@pytest.mark.parametrize(("template", "path"), ASKED)
async def test_answers_have_the_described_shapes(template: str, path: str) -> None:
    async with plex() as asking:
        _watch_something(asking)
        answer = await asking.from_server(path)
    assert answer.status_code == 200
    found = sorted(set(complaints(template, answer.content)) - OTHERWISE)
    assert found == [], "\n".join(found[:10])


def _watch_something(asking: Plex) -> None:
    world, server = asking.world, asking.server.server
    film = server.world.titles[0]
    play = Play(server.machine_identifier, world.owner.id, film.id, world.now())
    world.plays.append(play)
