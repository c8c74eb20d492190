"""When a list that a server sent is to be doubted, by one rule for all types."""

MOST_LOST = 5
"""A list that lacks more than every fifth known entry is doubtful."""


def is_doubtful(*, listed: int, known: int, still_listed: int) -> bool:
    """Whether a list lacks so much of what is known that it may be wrong.

    listed        how many entries the server sent
    known         how many of ours it had until now
    still_listed  how many of those it sent

    A single one that is lost is believed, unless the list is empty.
    """
    if not known:
        return False
    lost = known - still_listed
    return not listed or lost > max(1, known // MOST_LOST)
