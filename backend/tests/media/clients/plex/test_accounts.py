"""Who is let in to a Plex server, with exactly which libraries."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from media_server_simulators.plex.state import Section
from tests.media.clients.plex.conftest import Plex, playing

from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.types import LibraryInfo, Permissions, PlexUserType, ShareStatus

SHARES = "/api/v2/shared_servers"
NOBODY = ["99999999", "nobody@example.org", "", "../user", "0"]
local = st.text("abcXYZ019._+-", min_size=1, max_size=20)
emails = st.builds("{}@{}.org".format, local, st.text("abcXYZ0", min_size=1))
chosen = st.sets(st.integers(0, 3), min_size=1)
permissions = st.builds(
    Permissions, can_download=st.booleans(), can_watch_live_tv=st.booleans()
)
titles = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
sections = st.lists(
    st.tuples(titles, st.sampled_from(["movie", "show"])),
    max_size=5,
)
hundred = settings(max_examples=100, deadline=None)


def _keys(plex: Plex, picked: set[int]) -> tuple[str, ...]:
    return tuple(sorted(plex.keys[each] for each in picked))


@hundred
@given(sections)
async def test_any_sections_become_libraries_with_key_title_and_type(
    libraries: list[tuple[str, str]],
) -> None:
    async with playing() as plex:
        library = plex.server.server.sections[0].library
        plex.server.server.sections = tuple(
            Section(700 + n, str(40 + n), title, kind, library)
            for n, (title, kind) in enumerate(libraries)
        )
        assert await plex.client.get_libraries() == [
            LibraryInfo(
                external_id=str(40 + n),
                name=title,
                library_type=kind,
                locations=library.folders,
            )
            for n, (title, kind) in enumerate(libraries)
        ]


@hundred
@given(emails, chosen, permissions)
async def test_a_new_friend_gets_exactly_his_libraries_in_the_one_request_sent(
    email: str, picked: set[int], rights: Permissions
) -> None:
    async with playing() as plex:
        keys = _keys(plex, picked)
        made = await plex.client.create_user(
            "guest", "", email, library_ids=keys, permissions=rights
        )
        (sent,) = plex.bodies(SHARES)
        ids = sorted(s.id for s in plex.server.server.sections if s.key in keys)
        assert plex.changes() == [("POST", SHARES)]
        assert sent["librarySectionIds"] == ids
        assert sent["invitedEmail"] == email.lower()
        assert made.id == made.email == email.lower()
        assert made.standing is ShareStatus.PENDING
        assert made.library_ids == keys
        assert made.permissions.can_download is rights.can_download
        assert made.permissions.can_watch_live_tv is rights.can_watch_live_tv


@hundred
@given(st.from_regex(r"[A-Za-z][A-Za-z0-9 ._-]{0,20}[a-z]", fullmatch=True), chosen)
async def test_a_home_user_gets_exactly_his_libraries_in_the_one_request_sent(
    name: str, picked: set[int]
) -> None:
    async with playing() as plex:
        keys = _keys(plex, picked)
        assume(plex.world.owner.title.lower() != name.lower())
        made = await plex.client.create_user(
            name, "1234", library_ids=keys, plex_user_type=PlexUserType.HOME
        )
        (sent,) = plex.bodies(SHARES)
        assert sent["invitedId"] == int(made.id)
        assert made.library_ids == keys
        member = plex.world.accounts[int(made.id)]
        assert (member.title, member.home_pin) == (name, "1234")
        assert member.home_of == plex.world.owner.id


@hundred
@given(st.sampled_from(PlexUserType), st.none() | st.just("  ") | emails)
async def test_who_is_to_be_made_decides_the_request_or_that_there_is_none(
    kind: PlexUserType, email: str | None
) -> None:
    async with playing() as plex:
        wanted = plex.client.create_user(
            "guest", "", email, library_ids=plex.keys[:1], plex_user_type=kind
        )
        if kind is PlexUserType.FRIEND and not (email or "").strip():
            with pytest.raises(MediaClientError) as caught:
                await wanted
            assert caught.value.error_code == "email_required"
            assert caught.value.kind is ErrorKind.INVALID
            assert plex.tv.journal.entries == []
            return
        await wanted
        first, *_ = plex.changes()
        creates_member = ("POST", "/api/home/users")
        assert first == (
            creates_member if kind is PlexUserType.HOME else ("POST", SHARES)
        )


async def _guest(plex: Plex, kind: str) -> str:
    """The id of somebody who has a share of one library."""
    home = PlexUserType.HOME if kind == "home" else PlexUserType.FRIEND
    known = plex.world.register("Known One", "known@example.org")
    email = "new@example.org" if kind == "pending" else known.email
    made = await plex.client.create_user(
        "guest", "", email, library_ids=plex.keys[:1], plex_user_type=home
    )
    if kind == "friend":
        plex.accept(next(iter(plex.world.shares.values())))
    return made.id


kinds = st.sampled_from(["friend", "pending", "home", "nobody"])
strangers = st.sampled_from(NOBODY)


@hundred
@given(kinds, strangers)
async def test_deleting_is_true_if_he_was_there_and_false_if_not(
    kind: str, stranger: str
) -> None:
    async with playing() as plex:
        who = stranger if kind == "nobody" else await _guest(plex, kind)
        assert await plex.client.delete_user(who) is (kind != "nobody")
        assert await plex.client.delete_user(who) is False
        assert await plex.client.list_users() == []
        assert plex.world.shares == {}


@hundred
@given(kinds, strangers, st.sets(st.integers(0, 3)))
async def test_libraries_become_exactly_those_and_none_means_none(
    kind: str, stranger: str, picked: set[int]
) -> None:
    async with playing() as plex:
        who = stranger if kind == "nobody" else await _guest(plex, kind)
        keys = _keys(plex, picked)
        assert await plex.client.set_library_access(who, keys) is (kind != "nobody")
        found = {each.id: each for each in await plex.client.list_users()}
        if who in found:
            assert found[who].library_ids == keys
        else:
            assert kind == "nobody" or not keys
        left = [each for each in plex.world.shares.values() if each.section_ids]
        assert bool(left) is (bool(keys) and kind != "nobody")


@hundred
@given(kinds, strangers, permissions)
async def test_downloads_are_allow_sync_and_libraries_stay(
    kind: str, stranger: str, rights: Permissions
) -> None:
    async with playing() as plex:
        who = stranger if kind == "nobody" else await _guest(plex, kind)
        was = [each.section_ids for each in plex.world.shares.values()]
        there = kind != "nobody"
        assert await plex.client.update_permissions(who, rights) is there
        for share in plex.world.shares.values():
            assert share.sharing.allow_sync is rights.can_download
            assert bool(share.sharing.allow_tuners) is rights.can_watch_live_tv
        assert [each.section_ids for each in plex.world.shares.values()] == was


@pytest.mark.parametrize("name", ["delete", "libraries", "permissions"])
async def test_any_other_failure_is_raised(plex: Plex, name: str) -> None:
    who = await _guest(plex, "friend")
    nobody = plex.client_with("x" * 20)
    calls = {
        "delete": lambda: nobody.delete_user(who),
        "libraries": lambda: nobody.set_library_access(who, plex.keys),
        "permissions": lambda: nobody.update_permissions(who, Permissions()),
    }
    async with nobody:
        with pytest.raises(MediaClientError) as caught:
            await calls[name]()
    assert caught.value.kind is ErrorKind.UNAUTHORIZED


@hundred
@given(
    friends=st.integers(0, 3),
    pending=st.integers(0, 3),
    members=st.integers(0, 3),
    left=st.booleans(),
)
async def test_friends_pending_invites_and_home_users_are_each_listed_once(
    friends: int, pending: int, members: int, *, left: bool
) -> None:
    async with playing() as plex:
        expected: dict[str, ShareStatus] = {}
        for n in range(friends):
            account = plex.world.register(f"Friend {n}", f"f{n}@example.org")
            await plex.client.create_user(
                "f", "", f"F{n}@example.org", library_ids=plex.keys[:1]
            )
            share = list(plex.world.shares.values())[-1]
            plex.accept(share)
            if left and not n:
                share.left_at = plex.world.now()
            gone = left and not n
            expected[str(account.id)] = (
                ShareStatus.LEFT if gone else ShareStatus.ACCEPTED
            )
        for n in range(pending):
            email = f"p{n}@example.org"
            await plex.client.create_user("p", "", email, library_ids=plex.keys[:1])
            expected[email] = ShareStatus.PENDING
        for n in range(members):
            made = await plex.client.create_user(
                f"Kid {n}",
                "",
                library_ids=plex.keys[: n % 2],
                plex_user_type=PlexUserType.HOME,
            )
            expected[made.id] = ShareStatus.ACCEPTED
        users = await plex.client.list_users()
        assert {each.id: each.standing for each in users} == expected
        assert len(users) == len(expected)


async def test_a_pending_guest_is_known_by_his_number_once_plex_tells_it(
    plex: Plex,
) -> None:
    made = await plex.client.create_user(
        "guest", "", "new@example.org", library_ids=plex.keys[:1]
    )
    account = plex.world.register("New One", "new@example.org")
    (shown,) = await plex.client.list_users()
    assert shown.id == str(account.id)
    assert shown.share_id == made.share_id
    assert await plex.client.set_library_access(made.id, plex.keys[:2])
    assert await plex.client.delete_user(shown.id)


async def test_a_guest_who_signed_in_is_invited_by_his_number(plex: Plex) -> None:
    account = plex.world.register("New One", "new@example.org")
    made = await plex.client.create_user(
        "guest", "", library_ids=plex.keys[:1], plex_id=str(account.id)
    )
    (sent,) = plex.bodies(SHARES)
    assert sent["invitedId"] == account.id
    assert "invitedEmail" not in sent
    assert made.id == str(account.id)


async def test_who_has_a_share_already_is_not_made_again(plex: Plex) -> None:
    await plex.client.create_user("g", "", "a@example.org", library_ids=plex.keys[:1])
    with pytest.raises(MediaClientError) as caught:
        await plex.client.create_user("g", "", "A@example.org", library_ids=plex.keys)
    assert caught.value.error_code == "user_already_exists"
    (user,) = await plex.client.list_users()
    assert user.library_ids == tuple(plex.keys[:1])


async def _refusal(plex: Plex, **more: object) -> MediaClientError:
    payload = {"library_ids": plex.keys[:1]} | more
    with pytest.raises(MediaClientError) as caught:
        await plex.client.create_user("guest", "", **payload)  # pyright: ignore[reportArgumentType]
    assert plex.world.shares == {}
    return caught.value


async def test_each_refusal_has_its_own_code(plex: Plex) -> None:
    home = PlexUserType.HOME
    owner = plex.world.owner
    cases: list[tuple[str, dict[str, object]]] = [
        ("own_account", {"email": owner.email}),
        ("own_account", {"plex_id": str(owner.id)}),
        ("unknown_user", {"plex_id": "99999999"}),
        ("unknown_user", {"plex_id": "../user"}),
        ("invalid_email", {"email": "no address"}),
        ("library_required", {"email": "a@example.org", "library_ids": []}),
        ("library_unknown", {"email": "a@example.org", "library_ids": ["77"]}),
        ("username_taken", {"plex_user_type": home}),
    ]
    await plex.client.create_user("guest", "", plex_user_type=home)
    for code, payload in cases:
        assert (await _refusal(plex, **payload)).error_code == code


async def test_plex_tvs_own_sentence_is_kept_for_the_operator(plex: Plex) -> None:
    error = await _refusal(plex, plex_id="99999999")
    assert error.server_message == "The user could not be found."
    assert "could not be found" not in str(error)


async def test_a_friends_token_does_not_manage_the_server(plex: Plex) -> None:
    account = plex.world.register("New One", "new@example.org")
    await plex.client.create_user("g", "", account.email, library_ids=plex.keys[:1])
    plex.accept(next(iter(plex.world.shares.values())))
    async with plex.client_with(account.token) as friend:
        assert await friend.test_connection() is False
        with pytest.raises(MediaClientError) as caught:
            await friend.server_info()
    assert caught.value.kind is ErrorKind.UNAUTHORIZED


async def test_a_full_home_is_not_a_matter_of_the_name(plex: Plex) -> None:
    owner, home = plex.world.owner, PlexUserType.HOME
    for n in range(14):
        plex.world.register(f"member {n}", None).home_of = owner.id
    with pytest.raises(MediaClientError) as caught:
        await plex.client.create_user("one more", "", plex_user_type=home)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REFUSED, "home_full")
    assert plex.changes() == []
