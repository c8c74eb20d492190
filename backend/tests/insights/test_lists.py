"""The lists of insights, through the HTTP interface."""

from typing import Any

from media_server_simulators.world import Title
from tests.catalogue.conftest import Cinema

GIB = 2**30


def world(cinema: Cinema, *kinds: str) -> list[Title]:
    return [e for e in cinema.jellyfin.state.world.titles if e.kind in kinds]


async def found(cinema: Cinema, insight: str, **params: Any) -> dict[str, Any]:
    """The rows of an insight by the names of their titles."""
    page = await cinema.get(f"/insights/{insight}", limit=200, **params)
    assert page["total"] == len(page["items"])
    assert page["bytes"] == sum(row["size"] for row in page["items"])
    return {row["title"]["name"]: row for row in page["items"]}


async def test_a_film_is_large_from_its_limit_on_and_the_reason_says_so(
    cinema: Cinema,
) -> None:
    await cinema.add("jellyfin")
    await cinema.sync()
    film = world(cinema, "Movie")[0]
    await cinema.act("jellyfin", "replace", item=film.id, size=13 * GIB)
    await cinema.sync()
    rows = await found(cinema, "large", type="movie")
    assert rows.keys() == {film.name}
    row = rows[film.name]
    assert (row["verdict"], row["size"]) == ("finding", 13 * GIB)
    assert row["reason"]["sentence"] == (
        "It takes 13.0 GiB, at or over the limit of 13.0 GiB."
    )
    assert [copy["library"] for copy in row["copies"]] == ["Movies"]
    above = {"large_movie_bytes": 13 * GIB + 1}
    assert await found(cinema, "large", type="movie", **above) == {}
    (recent,) = (await found(cinema, "recent", type="movie")).values()
    assert (recent["title"]["name"], recent["reason"]["code"]) == (film.name, "upgrade")
    stuck = await cinema.get("/insights/stuck")
    assert (stuck["items"], stuck["total"], stuck["as_of"]) == ([], 0, None)
