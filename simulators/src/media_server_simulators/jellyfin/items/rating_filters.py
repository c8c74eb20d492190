"""Filters of /Items by how a title is rated, for children and by critics."""

from collections.abc import Iterator

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.items.ratings import inherited_score, score
from media_server_simulators.jellyfin.items.whole_items import Test, negated, or_inside
from media_server_simulators.world import Title


def rating_tests(call: Call) -> Iterator[Test]:
    yield from _scores(call)
    yield from _official(call)
    for name in ("minCommunityRating", "minCriticRating"):
        if call.query.get(name) is not None:
            yield lambda _: False  # nobody has rated anything


def _scores(call: Call) -> Iterator[Test]:
    """`hasParentalRating=true` alone filters nothing."""
    least = score(call.text("minOfficialRating"))
    most = score(call.text("maxOfficialRating"))

    def rated(title: Title) -> int | None:
        return inherited_score(call.state.world, title)

    if least is not None:
        yield lambda t: (found := rated(t)) is None or found >= least
    if most is not None:
        yield lambda t: (found := rated(t)) is None or found <= most
    if call.flag("hasParentalRating") is False and least is None and most is None:
        yield lambda t: rated(t) is None


def _official(call: Call) -> Iterator[Test]:
    official, has = set(call.words("officialRatings")), call.flag("hasOfficialRating")
    if official:
        yield or_inside(call.state, lambda t: t.rating in official)
    if has is not None:
        test = or_inside(call.state, lambda t: bool(t.rating))
        yield test if has else negated(test)
