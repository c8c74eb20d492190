"""Which libraries and items a user may see."""

from collections.abc import Callable, Iterator

from media_server_simulators.jellyfin.items.ratings import inherited_score
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.values import flag, number, text, texts
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import Title, World

UNRATED = {
    "Movie": "Movie",
    "Series": "Series",
    "Season": "Series",
    "Episode": "Series",
}

HIDING = (
    "EnableAllFolders", "EnabledFolders", "MaxParentalRating", "BlockUnratedItems",
    "BlockedTags", "AllowedTags",
)  # fmt: skip


def what_hides(user: User) -> str:
    """All of a policy that `may_see` looks at."""
    return repr([user.policy.get(name) for name in HIDING])


def may_open(user: User | None, library_id: str) -> bool:
    if user is None or flag(user.policy, "EnableAllFolders"):
        return True
    return library_id in texts(user.policy, "EnabledFolders")


def views_of(state: State, user: User | None) -> list[JsonObject]:
    return [view for view in state.views if may_open(user, text(view, "Id"))]


def may_see(state: State, user: User | None, title: Title) -> bool:
    return user is None or sees(state, user)(title)


def sees(state: State, user: User) -> Callable[[Title], bool]:
    """`may_see` for many titles: the policy is read once."""
    everywhere = flag(user.policy, "EnableAllFolders")
    folders = set(texts(user.policy, "EnabledFolders"))
    limits = list(_limits(state, user.policy))
    return lambda title: (
        (everywhere or title.library_id in folders)
        and all(test(title) for test in limits)
    )


def _limits(state: State, policy: JsonObject) -> Iterator[Callable[[Title], bool]]:
    """Ratings and tags of a show are those of its episodes, too."""
    world, unrated = state.world, set(texts(policy, "BlockUnratedItems"))
    most = number(policy, "MaxParentalRating")
    blocked = {tag.lower() for tag in texts(policy, "BlockedTags")}
    allowed = {tag.lower() for tag in texts(policy, "AllowedTags")}
    if policy.get("MaxParentalRating") is not None:
        yield lambda t: (rated := inherited_score(world, t)) is None or rated <= most
    if unrated:
        yield (
            lambda t: (
                inherited_score(world, t) is not None
                or UNRATED.get(t.kind, "Other") not in unrated
            )
        )
    if blocked:
        yield lambda t: not _tags(world, t) & blocked
    if allowed:
        yield lambda t: bool(_tags(world, t) & allowed)


def _tags(world: World, title: Title) -> set[str]:
    series = world.by_id.get(title.series_id or "")
    above = series.tags if series is not None else ()
    return {tag.lower() for tag in (*title.tags, *above)}
