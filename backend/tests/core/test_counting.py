"""Numbers in sentences, as runs show their results."""

from zondarr.core.counting import counted, sentence
from zondarr.servers.sync import AccountsSeen, LibrariesSeen, Synced


def test_numbers_have_their_plural() -> None:
    assert counted(0, "account") == "no accounts"
    assert counted(1, "library", "libraries") == "1 library"
    assert counted(2, "library", "libraries") == "2 libraries"


def test_empty_parts_of_a_sentence_are_left_out() -> None:
    assert sentence("read 4 libraries", "", "nothing new") == (
        "Read 4 libraries; nothing new."
    )


def test_a_sync_is_a_sentence() -> None:
    quiet = Synced(
        LibrariesSeen(present=4, added=0, missing=0, back=0), AccountsSeen(1)
    )
    assert str(quiet) == (
        "Read 4 libraries, 1 account of guests and no other accounts; nothing new."
    )
    busy = Synced(
        LibrariesSeen(present=4, added=1, missing=2, back=0),
        AccountsSeen(3, missing=1, strangers=12),
    )
    assert str(busy) == (
        "Read 4 libraries, 3 accounts of guests and 12 other accounts;"
        " libraries: 1 new, 2 missing; 1 account missing."
    )
