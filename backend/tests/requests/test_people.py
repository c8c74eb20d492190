"""Who requested a title, and what people requested, got and watched."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid7

import pytest
from tests.requests.conftest import Desk, days_ago

from zondarr.catalogue.models import MediaItem, TitleKind, WatchAccount, WatchFact
from zondarr.media.types import ItemKind, ServerType
from zondarr.servers.models import Library, MediaServer
from zondarr.users.models import Identity, User

GIB = 2**30


class House:
    """A server with a library, accounts of people, and films."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.server, self.library = uuid7(), uuid7()
        self.people: dict[str, UUID] = {}

    async def open(self) -> None:
        server = MediaServer(
            id=self.server,
            name="TV",
            server_type=ServerType.JELLYFIN,
            url="http://tv",
            api_key="sealed",
        )
        library = Library(
            id=self.library,
            media_server_id=self.server,
            external_id="1",
            name="Films",
            library_type="movies",
        )
        await self.desk.store(server, library)

    async def person(self, name: str, *, read: bool = True) -> UUID:
        """With an account of the same name, linked to the requester of that name."""
        self.people[name] = own = uuid7()
        await self.desk.store(
            Identity(id=own, display_name=f"{name.title()} herself"),
            User(
                identity_id=own,
                media_server_id=self.server,
                external_user_id=name,
                username=name,
            ),
            WatchAccount(
                media_server_id=self.server,
                external_id=name,
                name=name,
                as_of=days_ago(0) if read else None,
            ),
        )
        await self.desk.requester(name, identity_id=own)
        return own

    async def film(
        self, name: str, *, size: int = GIB, played: Sequence[str] = ()
    ) -> UUID:
        arrived = days_ago(1)
        own = await self.desk.title(name=name, size=size, arrived_at=arrived)
        await self.desk.store(
            MediaItem(
                title_id=own,
                media_server_id=self.server,
                library_id=self.library,
                kind=ItemKind.MOVIE,
                external_id=name,
                stamp="",
                name=name,
                added_at=arrived,
                arrived_at=arrived,
                listed=True,
            ),
            *(
                WatchFact(
                    media_server_id=self.server,
                    account_id=account,
                    item_id=name,
                    last_played_at=days_ago(3),
                    changed_at=days_ago(3),
                )
                for account in played
            ),
        )
        return own


@pytest.fixture
async def house(desk: Desk) -> House:
    house = House(desk)
    await house.open()
    return house


async def fetch(desk: Desk, path: str, **params: Any) -> Any:
    answer = await desk.browser.get(f"/api/v1{path}", params=params)
    assert answer.is_success, answer.text
    return answer.json()


async def test_a_title_says_who_requested_it_and_whether_they_ever_watched_it(
    desk: Desk, house: House
) -> None:
    ana = await house.person("ana")
    await house.person("ben")
    await house.person("cleo", read=False)
    film = await house.film("Alien", played=["ana"])
    for name in ("ana", "ben", "cleo", "nobody we know"):
        await desk.ask(by=name, title_id=film, media=5)
    other = await house.film("Brazil")
    found = (await fetch(desk, f"/titles/{film}"))["requests"]
    watched = {each["requester"]: each["watched"] for each in found}
    assert watched == {"ana": True, "ben": False, "cleo": None, "nobody we know": None}
    assert found[0]["identity_id"] == str(ana)
    assert found[0]["identity"] == "Ana herself"
    assert found[0]["last_watched_at"] is not None
    assert {each["state"] for each in found} == {"available"}
    assert (await fetch(desk, f"/titles/{other}"))["requests"] == []


async def test_a_person_has_what_they_requested_got_and_watched_and_only_they_need(
    desk: Desk, house: House
) -> None:
    ana = await house.person("ana")
    await house.person("ben")
    alone = await house.film("Alone", size=3 * GIB, played=["ana"])
    unseen = await house.film("Unseen", size=2 * GIB)
    shared = await house.film("Shared", played=["ana"])
    asked_too = await house.film("Asked too")
    for film in (alone, unseen, shared, asked_too):
        await desk.ask(by="ana", title_id=film)
    await desk.ask(by="ana", request=3)
    await desk.ask(by="ben", title_id=asked_too)
    # A stranger's account played it.
    await desk.store(
        WatchFact(
            media_server_id=house.server,
            account_id="stranger",
            item_id="Shared",
            played=True,
            changed_at=days_ago(1),
        )
    )
    page = await fetch(desk, f"/identities/{ana}/requests", sort="title")
    assert [page[name] for name in ("asked", "got", "watched", "not_watched")] == [
        *(5, 4, 2, 2)
    ]
    assert page["only_for_them"] == {"titles": 2, "bytes": 5 * GIB}
    seen = {each["request"]["title"]["name"]: each["watched"] for each in page["items"]}
    assert seen == {
        "Alone": True,
        "Asked too": False,
        "Shared": True,
        "Unseen": False,
        "Title 5": None,
    }
    missing = await desk.browser.get(f"/api/v1/identities/{uuid7()}/requests")
    assert missing.status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_new_names_who_requested_it_and_can_be_copied_for_each(
    desk: Desk, house: House
) -> None:
    await house.person("ana")
    film = await house.film("Alien")
    await house.film("Brazil")
    await desk.ask(by="zoe", title_id=film)
    await desk.ask(by="ana", title_id=film)
    await desk.ask(by="ben", title_id=film, request=3)
    rows = (await fetch(desk, "/insights/recent"))["items"]
    asked = {
        row["title"]["name"]: [each["name"] for each in row["requesters"]]
        for row in rows
    }
    assert asked == {"Alien": ["zoe", "ana"], "Brazil": []}
    groups = await fetch(desk, "/insights/recent/by-requester")
    assert [each["name"] for each in groups["items"]] == [
        *("Ana herself", "zoe", "Not requested")
    ]
    assert groups["text"] == (
        "Ana herself:\n- Alien\n\nzoe:\n- Alien\n\nNot requested:\n- Brazil"
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_lists_are_exported_and_no_cell_is_a_formula(desk: Desk) -> None:
    await desk.ask(by="=cmd()", name="=1+1", kind=TitleKind.MOVIE)
    await desk.ask(by="ana", media=5)
    answer = await desk.browser.get("/api/v1/requests/export.csv?sort=requested")
    assert answer.headers["content-type"].startswith("text/csv")
    head, first, second, last = answer.text.split("\r\n")
    assert head.startswith("number,type,title,")
    assert first.startswith("1,movie,'=1+1,2020,1,False,,'=cmd(),")
    assert ",available," in second
    assert last == ""
    stuck = await desk.browser.get("/api/v1/insights/stuck/export.csv")
    assert [line[:2] for line in stuck.text.splitlines()] == ["nu", "1,"]
    of_state = await desk.browser.get("/api/v1/requests/export.csv?state=available")
    assert len(of_state.text.splitlines()) == 2
