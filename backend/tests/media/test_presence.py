"""Which lists are doubted."""

import pytest

from zondarr.media.presence import is_doubtful


@pytest.mark.parametrize(
    ("listed", "known", "still_listed", "doubtful"),
    [
        (0, 0, 0, False),
        (5, 0, 0, False),
        (0, 1, 0, True),
        (1, 1, 0, False),
        (3, 4, 3, False),
        (3, 4, 2, True),
        (80, 100, 80, False),
        (79, 100, 79, True),
        (900, 100, 79, True),
    ],
)
def test_an_empty_list_and_one_that_lacks_more_than_a_fifth_are_doubtful(
    listed: int, known: int, still_listed: int, doubtful: bool
) -> None:
    found = is_doubtful(listed=listed, known=known, still_listed=still_listed)
    assert found is doubtful
