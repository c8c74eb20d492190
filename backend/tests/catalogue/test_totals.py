"""What is worked out for a title, and when its catalogue is due."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid7

from zondarr.catalogue.daily import is_due
from zondarr.catalogue.models import NEVER
from zondarr.catalogue.repository.totals import Activity, ItemPart
from zondarr.catalogue.totals import totals_of
from zondarr.media.types import ItemKind

MAY = datetime(2026, 5, 1, tzinfo=UTC)
TITLE, HERE, THERE = uuid7(), uuid7(), uuid7()


def leaf(  # noqa: PLR0913
    size: int | None,
    *,
    kind: ItemKind = ItemKind.MOVIE,
    library: UUID = HERE,
    item: UUID | None = None,
    season: int | None = None,
    path: str = "",
    added: datetime = MAY,
) -> ItemPart:
    own = item or uuid7()
    place = path or str(uuid7())
    return ItemPart(
        TITLE, own, library, kind, season, added, added, uuid7(), place, size
    )


def test_the_same_file_on_two_servers_counts_once() -> None:
    found = totals_of([leaf(5, path="/a"), leaf(5, path="/a", library=THERE)], None)
    assert (found.size, found.largest, found.largest_sum) == (5, 5, 5)


def test_two_versions_of_a_film_are_told_each_and_together() -> None:
    film = uuid7()
    found = totals_of([leaf(5, item=film), leaf(7, item=film)], None)
    assert (found.size, found.largest, found.largest_sum) == (12, 7, 12)


def test_a_season_is_the_sum_of_the_largest_version_of_each_episode() -> None:
    first, second, other = uuid7(), uuid7(), uuid7()
    parts = [
        leaf(5, kind=ItemKind.EPISODE, item=first, season=1),
        leaf(7, kind=ItemKind.EPISODE, item=first, season=1),
        leaf(4, kind=ItemKind.EPISODE, item=second, season=1),
        leaf(9, kind=ItemKind.EPISODE, item=other, season=2),
        # The season of another library is a season of its own.
        leaf(3, kind=ItemKind.EPISODE, season=1, library=THERE),
    ]
    found = totals_of(parts, None)
    assert (found.largest, found.largest_sum, found.size) == (11, 16, 28)


def test_a_size_that_is_not_told_is_unknown() -> None:
    assert not totals_of([leaf(5), leaf(None)], None).sizes_known
    assert totals_of([leaf(5), leaf(0)], None).sizes_known


def test_a_show_is_as_new_as_its_newest_episode_and_a_film_as_old_as_its_oldest() -> (
    None
):
    later = MAY + timedelta(days=9)
    kind = ItemKind.EPISODE
    shows = [leaf(1, kind=kind), leaf(1, kind=kind, added=later)]
    assert totals_of(shows, None).added_at == later
    assert totals_of([leaf(1), leaf(1, added=later)], None).added_at == MAY


def test_nothing_is_known_of_a_title_that_nobody_has() -> None:
    found = totals_of([], Activity(TITLE, MAY, 0, 1))
    assert (found.present, found.size, found.added_at) == (False, 0, NEVER)
    assert (found.active_at, found.favourite) == (MAY, True)


def test_a_catalogue_is_due_once_a_day_after_the_minute_of_its_workspace() -> None:
    workspace = UUID(int=61)  # its minute is the first
    turn = MAY + timedelta(hours=4, minutes=1)
    for now, last, due in (
        (turn, turn - timedelta(hours=1), True),
        (turn - timedelta(seconds=1), turn - timedelta(hours=1), False),
        (turn - timedelta(seconds=1), turn - timedelta(days=1, hours=1), True),
        (turn + timedelta(hours=5), turn, False),
    ):
        assert is_due(workspace, 4, last=last, now=now) is due
    assert not is_due(workspace, None, last=NEVER, now=turn)
