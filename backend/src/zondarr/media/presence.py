"""When a list from a server is doubtful; one rule for all server types."""

MOST_LOST = 5
"""A list that lacks more than a fifth of the known entries is doubtful."""


def is_doubtful(*, listed: int, known: int, still_listed: int) -> bool:
    """Whether a list lacks so many known entries that it may be wrong.

        listed        how many entries the server sent
        known         how many of ours it had until now
        still_listed  how many of those it sent

    A single missing entry is believed, unless the list is empty.
    """
    if not known:
        return False
    lost = known - still_listed
    return not listed or lost > max(1, known // MOST_LOST)
