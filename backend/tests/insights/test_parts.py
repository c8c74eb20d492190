"""How the parts that a finding is about are grouped."""

from datetime import UTC, datetime
from uuid import UUID, uuid7

from zondarr.catalogue.models import Arrival
from zondarr.insights.facts import LeafFacts, Part, VersionFacts
from zondarr.insights.parts import episode_parts, without_repeats

KIDS, FILMS = sorted(uuid7() for _ in range(2))


def episode(number: int, library_id: UUID) -> tuple[LeafFacts, str | None]:
    leaf = LeafFacts(
        item_id=uuid7(),
        library_id=library_id,
        is_movie=False,
        season=2,
        number=number,
        arrived_at=datetime(2026, 1, 1, tzinfo=UTC),
        arrival=Arrival.NEW,
        versions=(VersionFacts(size=10),),
    )
    return leaf, "no French audio"


def test_episodes_are_grouped_by_the_libraries_that_they_lie_in() -> None:
    both, one = episode_parts(
        [
            episode(1, KIDS),
            episode(1, FILMS),
            episode(2, FILMS),
            episode(2, KIDS),
            episode(3, FILMS),
        ]
    )
    assert (both.numbers, both.library_ids, both.size) == ([1, 2], (KIDS, FILMS), 40)
    assert (one.numbers, one.library_ids) == ([3], (FILMS,))


def test_copies_of_a_film_that_are_alike_are_one_part_with_all_their_libraries() -> (
    None
):
    sizes = [(5, KIDS), (5, FILMS), (7, FILMS), (5, FILMS)]
    parts = [
        Part(
            season=None, numbers=[], label="Film", size=size, library_ids=(library_id,)
        )
        for size, library_id in sizes
    ]
    assert [(each.size, each.library_ids) for each in without_repeats(parts)] == [
        (5, (KIDS, FILMS)),
        (7, (FILMS,)),
    ]
