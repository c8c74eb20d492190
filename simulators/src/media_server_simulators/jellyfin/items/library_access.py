"""Which libraries and items a user may see."""

from collections.abc import Callable

from media_server_simulators.jellyfin.items.ratings import score as score_of
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.values import flag, number, text, texts
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import Title

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


def may_see(user: User | None, title: Title) -> bool:
    return user is None or sees(user)(title)


def sees(user: User) -> Callable[[Title], bool]:
    """`may_see` for many titles: the policy is read once."""
    policy = user.policy
    unrated = texts(policy, "BlockUnratedItems")
    limited = policy.get("MaxParentalRating") is not None
    most = number(policy, "MaxParentalRating")
    everywhere = flag(policy, "EnableAllFolders")
    folders = set(texts(policy, "EnabledFolders"))
    blocked = {tag.lower() for tag in texts(policy, "BlockedTags")}
    allowed = {tag.lower() for tag in texts(policy, "AllowedTags")}

    def test(title: Title) -> bool:
        if not (everywhere or title.library_id in folders):
            return False
        score = score_of(title.rating)
        if score is None and UNRATED.get(title.kind, "Other") in unrated:
            return False
        if score is not None and limited and score > most:
            return False
        if not (blocked or allowed):
            return True
        tags = {tag.lower() for tag in title.tags}
        return not tags & blocked and (not allowed or bool(tags & allowed))

    return test
