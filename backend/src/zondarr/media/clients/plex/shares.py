"""Interprets a share: its guest, its status, its contents."""

from collections.abc import Iterable

from zondarr.media.clients.plex.rights import permissions_of, settings_of
from zondarr.media.clients.plex.shapes import Member, Share
from zondarr.media.clients.plex.tv import Guest
from zondarr.media.types import ExternalUser, ShareStatus

_RANK = {ShareStatus.ACCEPTED: 0, ShareStatus.PENDING: 1, ShareStatus.LEFT: 2}


def share_status(share: Share) -> ShareStatus:
    if share.left_at is not None or share.deleted_at is not None:
        return ShareStatus.LEFT
    accepted = share.accepted_at is not None
    return ShareStatus.ACCEPTED if accepted else ShareStatus.PENDING


def guest_of(share: Share) -> Guest:
    invited = share.invited
    number = share.invited_id or (invited.id if invited else None)
    email = share.invited_email or (invited.email if invited else None)
    return Guest(
        plex_id=str(number) if number else None,
        email=email.strip().lower() if email else None,
    )


def guest_from_id(external_user_id: str) -> Guest:
    """The guest that an `external_user_id` identifies."""
    if is_plex_id(external_user_id):
        return Guest(plex_id=external_user_id)
    return Guest(email=external_user_id.strip().lower())


def is_plex_id(text: str) -> bool:
    """Whether it may be a plex.tv id; anything else could form another path."""
    return text.isascii() and text.isdigit() and text.strip("0") != ""


def share_of(shares: Iterable[Share], guest: Guest) -> Share | None:
    """The guest's share, pending or accepted.

    The plex.tv id is matched before the address. The address still counts after plex.tv
    has assigned an id.
    """
    live = [each for each in shares if share_status(each) is not ShareStatus.LEFT]
    by_id = [s for s in live if guest.plex_id and guest_of(s).plex_id == guest.plex_id]
    by_mail = [s for s in live if _same_address(s, guest)]
    found = by_id or by_mail
    return min(found, key=lambda each: _RANK[share_status(each)], default=None)


def _same_address(share: Share, guest: Guest) -> bool:
    if guest.email is None:
        return False
    known = guest_of(share)
    if guest.plex_id and known.plex_id:
        return False
    invited = share.invited.email if share.invited else None
    return guest.email in {known.email, (invited or "").lower()}


def one_share_each(shares: Iterable[Share]) -> list[Share]:
    """One share per person: accepted before pending before left."""
    ranked = sorted(shares, key=lambda each: _RANK[share_status(each)])
    numbers = {
        (g := guest_of(s)).email: g.plex_id for s in ranked if guest_of(s).plex_id
    }
    found: dict[str, Share] = {}
    for share in ranked:
        guest = guest_of(share)
        key = guest.plex_id or numbers.get(guest.email) or guest.email or f"#{share.id}"
        found.setdefault(key, share)
    return list(found.values())


def library_keys(share: Share) -> frozenset[str]:
    return frozenset(each.key for each in share.libraries or ())


def section_ids(share: Share) -> frozenset[int]:
    return frozenset(each.id for each in share.libraries or ())


def external_user(share: Share) -> ExternalUser:
    guest, invited = guest_of(share), share.invited
    names = (invited.title, invited.username) if invited else ()
    name = next(filter(None, names), None) or guest.email or guest.key
    at = share_status(share)
    left = at is ShareStatus.LEFT
    return ExternalUser(
        id=guest.key or f"share-{share.id}",
        username=name,
        email=(invited.email if invited else None) or guest.email,
        enabled=not left,
        is_friend=True,
        all_libraries=bool(share.all_libraries) and not left,
        library_ids=() if left else tuple(sorted(library_keys(share))),
        permissions=permissions_of(settings_of(share)),
        standing=at,
        share_id=str(share.id),
    )


def external_member(member: Member, share: Share | None) -> ExternalUser:
    """A Home member, with the share if there is one."""
    if share is not None:
        shown = external_user(share)
        return ExternalUser(
            id=member.id,
            username=member.title,
            email=member.email,
            enabled=shown.enabled,
            all_libraries=shown.all_libraries,
            library_ids=shown.library_ids,
            permissions=shown.permissions,
            share_id=shown.share_id,
        )
    return ExternalUser(
        id=member.id,
        username=member.title,
        email=member.email,
        permissions=permissions_of({}),
    )
