"""Parental ratings as numbers, after Jellyfin's own tables."""

from media_server_simulators.world import Title, World

# Those that a made-up world uses, and a few more.
SCORES = {
    "G": 0, "TV-G": 0, "TV-Y": 0, "FSK-0": 0, "PG": 10, "TV-PG": 10, "FSK-6": 6,
    "FSK-12": 12,
    "PG-13": 13, "TV-14": 14, "FSK-16": 16, "R": 17, "TV-MA": 17, "NC-17": 18,
    "FSK-18": 18,
}  # fmt: skip


def score(rating: str | None) -> int | None:
    """None for one that is missing or not known."""
    return SCORES.get(rating or "")


def inherited_score(world: World, title: Title) -> int | None:
    """A season's and an episode's is that of their series, if they have none."""
    own = score(title.rating)
    if own is not None or title.series_id is None:
        return own
    series = world.by_id.get(title.series_id)
    return score(series.rating) if series is not None else None
