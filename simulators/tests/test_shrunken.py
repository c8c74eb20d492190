"""Lists that leave something out, in every wrapping that a list has."""

import pytest
from tests.asking import Asker, served
from tests.plex_asking import plex

from media_server_simulators.faults import FaultError, read_fault
from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.wire import Json


def order(path: str, value: Json) -> dict[str, Json]:
    return {"path_prefix": path, "kind": "shrunken", "value": value}


async def names(ask: Asker) -> list[str]:
    return [each["Name"] for each in (await ask.get("/Users")).json()]


async def test_a_bare_list_keeps_its_first_entries() -> None:
    async with served(JellyfinSimulator()) as ask:
        before = await names(ask)
        await ask.post("/_simulator/faults", order("/Users", 3))
        assert await names(ask) == before[:3]
        assert await names(ask) == before


async def test_who_is_named_is_left_out() -> None:
    async with served(JellyfinSimulator()) as ask:
        before = await names(ask)
        await ask.post("/_simulator/faults", order("/Users", before[1]))
        assert await names(ask) == [before[0], *before[2:]]


async def test_a_page_counts_what_it_still_has() -> None:
    async with served(JellyfinSimulator()) as ask:
        await ask.post("/_simulator/faults", order("/Library/MediaFolders", 1))
        result = (await ask.get("/Library/MediaFolders")).json()
        assert (len(result["Items"]), result["TotalRecordCount"]) == (1, 1)


async def test_a_container_counts_what_it_still_has() -> None:
    async with plex() as tv:
        (fault,) = [read_fault(order("/library/sections", 2))]
        tv.server.faults.add(fault)
        result = (await tv.from_server("/library/sections")).json()["MediaContainer"]
        assert (len(result["Directory"]), result["size"]) == (2, 2)


async def test_xml_leaves_out_who_is_named() -> None:
    async with plex() as tv:
        for name in ("Ann", "Ben"):
            account = tv.world.register(name, f"{name.lower()}@example.org")
            await tv.shared_with(account, tv.sections[:1])
        tv.tv.faults.add(read_fault(order("/api/users", "ann@example.org")))
        short = await tv.ask("GET", "/api/users", as_xml=True)
        assert "ann@example.org" not in short.text
        assert "ben@example.org" in short.text
        assert 'size="1"' in short.text
        whole = await tv.ask("GET", "/api/users", as_xml=True)
        assert 'size="2"' in whole.text


def test_it_must_be_said_what_is_left_out() -> None:
    with pytest.raises(FaultError, match="how many"):
        read_fault({"path_prefix": "/", "kind": "shrunken"})
