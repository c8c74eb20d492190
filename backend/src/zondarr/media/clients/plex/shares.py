"""What a share says: whose it is, which libraries, which rights. Pure functions."""

from collections.abc import Iterable

from zondarr.media.clients.plex.filters import (
    Narrowing,
    narrowed,
    narrowing,
    same_filter,
)
from zondarr.media.clients.plex.shapes import Member, Settings, Share
from zondarr.media.clients.plex.tv import Guest
from zondarr.media.types import ExternalUser, Permissions, Standing

FLAGS = ("allowSync", "allowCameraUpload", "allowChannels", "allowSubtitleAdmin")
FILTERS = ("filterMovies", "filterTelevision", "filterMusic", "filterPhotos")
NARROWED = ("filterMovies", "filterTelevision")
"""Where ratings and labels are said; music has no ratings, photos have neither."""

LIVE_TV = 1
"""allowTuners: 0 none, 1 live television, 2 and recording."""

_RANK = {Standing.ACCEPTED: 0, Standing.PENDING: 1, Standing.LEFT: 2}


def standing(share: Share) -> Standing:
    if share.left_at is not None or share.deleted_at is not None:
        return Standing.LEFT
    accepted = share.accepted_at is not None
    return Standing.ACCEPTED if accepted else Standing.PENDING


def guest_of(share: Share) -> Guest:
    invited = share.invited
    number = share.invited_id or (invited.id if invited else None)
    email = share.invited_email or (invited.email if invited else None)
    return Guest(
        plex_id=str(number) if number else None,
        email=email.strip().lower() if email else None,
    )


def guest_named(external_user_id: str) -> Guest:
    """Who an `external_user_id` stands for."""
    if is_plex_id(external_user_id):
        return Guest(plex_id=external_user_id)
    return Guest(email=external_user_id.strip().lower())


def is_plex_id(text: str) -> bool:
    """Whether it can be plex.tv's number; anything else would be another path."""
    return text.isascii() and text.isdigit() and text.strip("0") != ""


def share_of(shares: Iterable[Share], guest: Guest) -> Share | None:
    """The guest's share, pending or accepted. His number tells more than his address,
    and an address is his also after plex.tv has told the number."""
    live = [each for each in shares if standing(each) is not Standing.LEFT]
    by_id = [s for s in live if guest.plex_id and guest_of(s).plex_id == guest.plex_id]
    by_mail = [s for s in live if _same_address(s, guest)]
    found = by_id or by_mail
    return min(found, key=lambda each: _RANK[standing(each)], default=None)


def _same_address(share: Share, guest: Guest) -> bool:
    if guest.email is None:
        return False
    known = guest_of(share)
    if guest.plex_id and known.plex_id:
        return False
    invited = share.invited.email if share.invited else None
    return guest.email in {known.email, (invited or "").lower()}


def each_once(shares: Iterable[Share]) -> list[Share]:
    """One share for each person: accepted before pending before left."""
    ranked = sorted(shares, key=lambda each: _RANK[standing(each)])
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


def guest_settings(permissions: Permissions) -> Settings:
    """The rights of somebody new, every one of them said."""
    nothing: Settings = dict.fromkeys(FLAGS, False)
    nothing |= dict.fromkeys(FILTERS, "")
    return with_permissions(nothing, permissions)


def with_permissions(settings: Settings, permissions: Permissions) -> Settings:
    """These rights. What they have no word for stays as it is."""
    shown = Narrowing(_tags(permissions.allowed_ratings), _tags(permissions.allowed_labels))
    filters = {each: str(settings.get(each) or "") for each in NARROWED}
    return (
        settings
        | {name: narrowed(text, shown) for name, text in filters.items()}
        | {
            "allowSync": permissions.can_download,
            "allowChannels": permissions.can_use_channels,
            "allowTuners": _live_tv(settings, may=permissions.can_watch_live_tv),
        }
    )


def also_with(settings: Settings, permissions: Permissions) -> Settings:
    """What he may already, and what he may now. A filter would narrow what he sees, in
    the libraries he had too: he keeps his own, or none."""
    had = permissions_of(settings)
    live_tv = had.can_watch_live_tv or permissions.can_watch_live_tv
    return settings | {
        "allowSync": had.can_download or permissions.can_download,
        "allowChannels": had.can_use_channels or permissions.can_use_channels,
        "allowTuners": _live_tv(settings, may=live_tv),
    }


def wider(one: Settings, other: Settings) -> Settings:
    """The first, with the rights of both; its filters are its own."""
    flags = {name: bool(one.get(name) or other.get(name)) for name in FLAGS}
    return one | flags | {"allowTuners": max(_tuners(one), _tuners(other))}


def narrower(one: Settings, other: Settings) -> Settings:
    """The first, with the rights that both have; its filters are its own."""
    flags = {name: bool(one.get(name) and other.get(name)) for name in FLAGS}
    return one | flags | {"allowTuners": min(_tuners(one), _tuners(other))}


def _live_tv(settings: Settings, *, may: bool) -> int:
    """Who may record already goes on to, as long as he may watch."""
    return max(LIVE_TV, _tuners(settings)) if may else 0


def _tags(told: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(told))


def settings_of(share: Share) -> Settings:
    """As they are, in the form in which they can be sent back."""
    read = share.sharing_settings or {}
    settings: Settings = {name: read.get(name) in {True, "1"} for name in FLAGS}
    settings |= {name: str(read.get(name) or "") for name in FILTERS}
    if read.get("filterAll"):
        settings["filterAll"] = str(read["filterAll"])
    return settings | {"allowTuners": _tuners(read)}


def keeps(wanted: Settings, read: Settings) -> bool:
    """Whether plex.tv kept the rights: downloads and filters exactly, and nothing else
    wider. What needs a Plex Pass may come back narrower."""
    synced = read.get("allowSync") == wanted.get("allowSync")
    more = any(read.get(name) and not wanted.get(name) for name in FLAGS)
    tuned = _tuners(read) <= _tuners(wanted)
    return synced and tuned and not more and _same_filters(wanted, read)


def _same_filters(one: Settings, other: Settings) -> bool:
    return all(
        same_filter(str(one.get(name) or ""), str(other.get(name) or ""))
        for name in FILTERS
    )


def permissions_of(settings: Settings) -> Permissions:
    """Of filters that differ between films and series, what either of them says."""
    shown = [narrowing(str(settings.get(name) or "")) for name in NARROWED]
    return Permissions(
        can_download=settings.get("allowSync") is True,
        can_watch_live_tv=_tuners(settings) >= LIVE_TV,
        can_use_channels=settings.get("allowChannels") is True,
        allowed_ratings=_tags(tag for each in shown for tag in each.ratings),
        allowed_labels=_tags(tag for each in shown for tag in each.labels),
    )


def _tuners(settings: Settings) -> int:
    value = str(settings.get("allowTuners") or 0)
    return int(value) if value.isascii() and value.isdigit() else 0


def external_user(share: Share) -> ExternalUser:
    guest, invited = guest_of(share), share.invited
    names = (invited.title, invited.username) if invited else ()
    name = next(filter(None, names), None) or guest.email or guest.key
    at = standing(share)
    left = at is Standing.LEFT
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
    """Somebody of the Home, with what is shared with him or nothing."""
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
