"""Rights and filters: what is meant comes back as it was, however Plex spells it."""

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.wire import Reply, Request
from tests.media.clients.plex.conftest import Plex, playing

from zondarr.media.clients.plex.filters import (
    ContentFilter,
    parse_filter,
    same_filter,
    with_filter,
)
from zondarr.media.clients.plex.rights import (
    guest_settings,
    permissions_of,
    reduced,
    was_kept,
    widened,
    with_added_permissions,
    with_permissions,
)
from zondarr.media.clients.plex.shapes import Settings
from zondarr.media.exceptions import MediaClientError
from zondarr.media.types import Permissions

EMAIL = "guest@example.org"
letters = st.characters(exclude_characters=",|", exclude_categories=["C", "Z"])
tag = st.text(letters | st.just(" "), min_size=1, max_size=12).filter(
    lambda text: text.strip() == text
)
tags = st.lists(tag, max_size=3, unique=True).map(tuple)
rights = st.builds(
    Permissions,
    can_download=st.booleans(),
    can_watch_live_tv=st.booleans(),
    can_use_channels=st.booleans(),
    allowed_ratings=tags,
    allowed_labels=tags,
)
foreign = st.sampled_from(
    ["", "contentRating!=R", "label!=a%2Cb", "label!=a|genre=Horror", "genre=X"]
)
flags = ["allowSync", "allowCameraUpload", "allowChannels", "allowSubtitleAdmin"]
stood: st.SearchStrategy[Settings] = st.fixed_dictionaries(
    {name: st.booleans() for name in flags}
    | {"filterMovies": foreign, "filterTelevision": foreign}
    | {"allowTuners": st.integers(0, 2)}
)
hundred = settings(max_examples=100, deadline=None)


@hundred
@given(stood, rights)
def test_any_rights_come_back_as_they_were_said(
    had: Settings, wanted: Permissions
) -> None:
    assert permissions_of(with_permissions(had, wanted)) == wanted
    assert permissions_of(guest_settings(wanted)) == wanted


@hundred
@given(tags, tags, foreign)
def test_a_filter_says_ours_and_keeps_what_is_not_ours(
    ratings: tuple[str, ...], labels: tuple[str, ...], theirs: str
) -> None:
    wanted = ContentFilter(ratings, labels)
    text = with_filter(theirs, wanted)
    assert parse_filter(text) == wanted
    assert with_filter(text, wanted) == text
    assert same_filter(with_filter(text, ContentFilter()).replace("&", "|"), theirs)


@hundred
@given(tags, tags)
def test_a_filter_is_the_same_in_each_of_plexs_spellings(
    ratings: tuple[str, ...], labels: tuple[str, ...]
) -> None:
    text = with_filter("", ContentFilter(ratings, labels))
    assert same_filter(text, text.replace("%2C", ",").replace("%20", " "))
    either = text.replace("&label=", "|label=")
    assert same_filter(text, either) is (text == either)


@pytest.mark.parametrize(
    "text", ["", "&", "=", "label", "label=", "a=%", "|=|", "label==a", "Kids & Co"]
)
def test_a_filter_that_is_none_is_read_all_the_same(text: str) -> None:
    assert same_filter(text, text)
    assert parse_filter(with_filter(text, ContentFilter(("G",)))).ratings == ("G",)


@hundred
@given(stood, rights)
def test_a_friend_may_more_afterwards_and_never_sees_less(
    had: Settings, wanted: Permissions
) -> None:
    now = with_added_permissions(had, wanted)
    assert now["filterMovies"] == had["filterMovies"]
    assert now["filterTelevision"] == had["filterTelevision"]
    assert was_kept(now, reduced(now, had) | {"allowSync": now["allowSync"]})
    before, after = permissions_of(had), permissions_of(now)
    for name in ("can_download", "can_watch_live_tv", "can_use_channels"):
        both = getattr(before, name) or getattr(wanted, name)
        assert getattr(after, name) is both


@hundred
@given(stood, stood)
def test_wider_and_narrower_are_what_they_are_called(
    one: Settings, other: Settings
) -> None:
    more, less = widened(one, other), reduced(one, other)
    for name in flags:
        assert more[name] is (one[name] or other[name])
        assert less[name] is (one[name] and other[name])
    assert {**one, **{n: more[n] for n in [*flags, "allowTuners"]}} == more


@hundred
@given(rights, rights)
async def test_plex_tv_keeps_any_rights_and_shows_them(
    first: Permissions, then: Permissions
) -> None:
    async with playing() as plex:
        keys = plex.keys[:1]
        made = await plex.client.create_user(
            "g", "", EMAIL, library_ids=keys, permissions=first
        )
        assert made.permissions == first
        assert await plex.client.update_permissions(made.id, then)
        [shown] = await plex.client.list_users()
        assert (shown.permissions, shown.library_ids) == (then, tuple(keys))


async def test_a_filter_that_plex_tv_did_not_keep_lets_nobody_in(plex: Plex) -> None:
    """Without a Plex Pass there are none: rather no share than a wide one."""
    plex.tv.respond = _forgetting_filters(plex)  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(MediaClientError) as caught:
        await plex.client.create_user(
            "g",
            "",
            EMAIL,
            library_ids=plex.keys[:1],
            permissions=Permissions(allowed_ratings=("G",)),
        )
    assert caught.value.error_code == "policy_not_kept"
    assert plex.world.shares == {}


def _forgetting_filters(plex: Plex) -> Callable[[Request], Awaitable[Reply]]:
    real = plex.tv.respond

    async def respond(request: Request) -> Reply:
        answer = await real(request)
        for share in plex.world.shares.values():
            share.sharing.filter_movies = ""
        return answer

    return respond


async def test_rights_are_compared_when_they_are_changed_too(plex: Plex) -> None:
    made = await plex.client.create_user("g", "", EMAIL, library_ids=plex.keys[:1])
    path = f"/api/v2/shared_servers/{made.share_id}"
    plex.tv.faults.add(Fault(path, FaultKind.STATUS, "POST", 200))
    with pytest.raises(MediaClientError) as caught:
        await plex.client.update_permissions(
            made.id, Permissions(allowed_labels=("Kids",))
        )
    assert caught.value.error_code == "policy_not_kept"
