"""What the catalogue has of requested seasons, counted from its episodes."""

from uuid import UUID, uuid7

from sqlalchemy import update
from tests.requests.conftest import LONG_AGO, Desk, days_ago

from zondarr.catalogue.models import MediaItem, TitleKind
from zondarr.media.types import ItemKind, ServerType
from zondarr.requests.repository.holdings import refresh_holdings
from zondarr.servers.models import Library, MediaServer

SEASON = {"first": LONG_AGO, "last": LONG_AGO + 30, "episodes": 2}


async def library(desk: Desk) -> tuple[UUID, UUID]:
    server, own = uuid7(), uuid7()
    await desk.store(
        MediaServer(
            id=server,
            name="TV",
            server_type=ServerType.JELLYFIN,
            url="http://tv",
            api_key="sealed",
        ),
        Library(
            id=own,
            media_server_id=server,
            external_id="1",
            name="Shows",
            library_type="tvshows",
        ),
    )
    return server, own


async def refresh(desk: Desk) -> None:
    async with desk.database.scoped(desk.workspace_id) as session:
        await refresh_holdings(session)


async def test_a_season_is_here_when_it_has_all_episodes_and_gone_when_it_has_none(
    desk: Desk,
) -> None:
    server, place = await library(desk)
    show = await desk.title(TitleKind.SERIES)
    number = await desk.ask(
        kind=TitleKind.SERIES, title_id=show, seasons={1: SEASON}, media=3
    )
    episodes = [
        # The second copy of an episode is no second episode.
        *((1, 1, place), (1, 1, place), (2, 1, place), (2, 2, place)),
    ]
    for season, episode, home in episodes:
        await desk.store(
            MediaItem(
                title_id=show,
                media_server_id=server,
                library_id=home,
                kind=ItemKind.EPISODE,
                external_id=str(uuid7()),
                stamp="",
                name="",
                season=season,
                number=episode,
                added_at=days_ago(9),
                arrived_at=days_ago(9),
                listed=True,
            )
        )
    await refresh(desk)
    row = await desk.one(number)
    assert (row["state"], row["seasons"][0]["held"]) == ("stuck", 1)
    assert row["reason"]["sentence"].endswith("1 requested episode of it is here.")

    async def change(**values: object) -> None:
        async with desk.database.scoped(desk.workspace_id) as session:
            of_season = update(MediaItem).where(MediaItem.season == 1)
            await session.execute(of_season.values(**values))
        await refresh(desk)

    async with desk.database.scoped(desk.workspace_id) as session:
        second = update(MediaItem).where(MediaItem.season == 2)
        await session.execute(second.values(season=1))
    await refresh(desk)
    row = await desk.one(number)
    assert (row["state"], row["seasons"][0]["held"]) == ("available", 2)
    await change(listed=False, missing_since=days_ago(1))
    row = await desk.one(number)
    assert (row["state"], row["reason"]["code"]) == ("gone", "lost_from_library")
    await change(listed=True, missing_since=None)
    assert (await desk.one(number))["state"] == "available"
