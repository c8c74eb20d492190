"""A lively world from a seed: the same numbers make the same world."""

from collections.abc import Iterator
from functools import lru_cache
from random import Random

from media_server_simulators.titles import Size, make_titles
from media_server_simulators.vocabulary import FIRST, LAST
from media_server_simulators.world import Library, Person, Title, World, guid_of

KINDS = (
    ("Movies", "movies"),
    ("Shows", "tvshows"),
    ("Music", "music"),
    ("Family Videos", "homevideos"),
)


def make_world(
    *, items: int = 200, series: int | None = None, people: int = 12, seed: int = 1
) -> World:
    """`items` titles, made when first asked for.

    Half are films, the others short shows with their seasons and episodes. With
    `series` there are so many whole shows of 45 rows each (four seasons of ten
    episodes), and films make up the rest of `items`.
    """
    libraries = _libraries(seed)
    size = Size.of(items) if series is None else Size.with_shows(items, series)
    return World(
        server_id=guid(seed, "server"),
        server_name="Living Room",
        administrator=Person(guid(seed, "admin"), "admin", "Admin-Passw0rd", True),
        libraries=libraries,
        make_titles=lambda: _all_titles(size, seed),
        people=tuple(_people(libraries, people, seed)),
    )


def _libraries(seed: int) -> tuple[Library, ...]:
    return tuple(
        Library(guid(seed, "library", name), name, kind, (f"/media/{kind}",))
        for name, kind in KINDS
    )


@lru_cache(maxsize=4)
def _all_titles(size: Size, seed: int) -> tuple[Title, ...]:
    """Kept, since tests make the same world again and again."""
    films, shows, *_ = _libraries(seed)
    return tuple(make_titles(films, shows, size, seed))


def guid(seed: int, *parts: object) -> str:
    return guid_of("/".join(map(str, (seed, *parts))))


def _random(seed: int, *parts: object) -> Random:
    return Random(int(guid(seed, *parts), 16))  # noqa: S311  # a world, no secret


def _people(libraries: tuple[Library, ...], count: int, seed: int) -> Iterator[Person]:
    for number in range(count):
        chance = _random(seed, "person", number)
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)} {number + 1}"
        chosen = chance.sample(libraries, chance.randint(1, len(libraries)))
        some = tuple(each.id for each in chosen)
        yield Person(
            id=guid(seed, "person", number),
            name=name,
            password="Guest-Passw0rd",  # noqa: S106  # of people who do not exist
            disabled=chance.random() < 1 / 8,
            libraries=None if chance.random() < 1 / 3 else some,
        )
