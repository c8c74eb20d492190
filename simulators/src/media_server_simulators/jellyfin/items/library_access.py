"""Which libraries and items a user may see."""

from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.values import flag, number, text, texts
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import Title

# Scores of the ratings that a made-up world uses, after Jellyfin's own tables.
SCORES = {
    "G": 0, "TV-G": 0, "TV-Y": 0, "FSK-0": 0, "PG": 10, "TV-PG": 10, "FSK-6": 6,
    "FSK-12": 12,
    "PG-13": 13, "TV-14": 14, "FSK-16": 16, "R": 17, "TV-MA": 17, "NC-17": 18,
    "FSK-18": 18,
}  # fmt: skip
UNRATED = {
    "Movie": "Movie",
    "Series": "Series",
    "Season": "Series",
    "Episode": "Series",
}


def may_open(user: User | None, library_id: str) -> bool:
    if user is None or flag(user.policy, "EnableAllFolders"):
        return True
    return library_id in texts(user.policy, "EnabledFolders")


def views_of(state: State, user: User | None) -> list[JsonObject]:
    return [view for view in state.views if may_open(user, text(view, "Id"))]


def may_see(user: User | None, title: Title) -> bool:
    if user is None:
        return True
    return (
        may_open(user, title.library_id)
        and _suits(user, title)
        and _tagged(user, title)
    )


def _suits(user: User, title: Title) -> bool:
    policy = user.policy
    score = SCORES.get(title.rating or "")
    if score is None:
        return UNRATED.get(title.kind, "Other") not in texts(
            policy, "BlockUnratedItems"
        )
    return policy.get("MaxParentalRating") is None or score <= number(
        policy, "MaxParentalRating"
    )


def _tagged(user: User, title: Title) -> bool:
    tags = {tag.lower() for tag in title.tags}
    if tags & {tag.lower() for tag in texts(user.policy, "BlockedTags")}:
        return False
    allowed = {tag.lower() for tag in texts(user.policy, "AllowedTags")}
    return not allowed or bool(tags & allowed)
