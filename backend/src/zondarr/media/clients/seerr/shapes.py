"""What Seerr sends, in our shapes."""

from zondarr.media.clients.seerr.reading import (
    Row,
    moment,
    number,
    own_id,
    row,
    rows,
    text,
)
from zondarr.media.requests import (
    UNREADABLE,
    ExternalRequest,
    ExternalRequester,
    ExternalSeason,
    MediaStatus,
    RequestedKind,
    RequestProduct,
)

KINDS: dict[str, RequestedKind] = {"movie": "movie", "tv": "series"}
MAX_NAME, MAX_EMAIL, MAX_ID = 300, 254, 40


def requester(given: Row) -> ExternalRequester | None:
    """Scenario `users`. A user may have no name at all."""
    own = number(given.get("id"))
    if own is None:
        return None
    names = ("displayName", "username", "jellyfinUsername", "plexUsername", "email")
    name = next((n for key in names if (n := text(given.get(key)))), f"User {own}")
    email = text(given.get("email"))
    return ExternalRequester(
        id=own,
        name=name[:MAX_NAME],
        email=email if email and "@" in email and len(email) <= MAX_EMAIL else None,
        jellyfin_user_id=_short(given.get("jellyfinUserId")),
        plex_id=_short(given.get("plexId")),
        request_count=number(given.get("requestCount")) or 0,
    )


def request(given: Row, product: RequestProduct) -> ExternalRequest | None:
    """Scenario `requests`. None for one that is not about a film or a show, or has no
    id or date.
    """
    own, at = number(given.get("id")), moment(given.get("createdAt"))
    media = row(given.get("media"))
    kind = KINDS.get(text(given.get("type") or media.get("mediaType")) or "")
    if own is None or at is None or kind is None:
        return None
    is_4k = given.get("is4k") is True
    return ExternalRequest(
        id=own,
        kind=kind,
        tmdb=_short(media.get("tmdbId")),
        tvdb=_short(media.get("tvdbId")),
        imdb=_short(media.get("imdbId")),
        is_4k=is_4k,
        request_status=_status(given.get("status")),
        media_status=media_status(media, product, is_4k=is_4k),
        requester=requester(row(given.get("requestedBy"))),
        requested_at=at,
        modified_at=moment(given.get("updatedAt")) or at,
        can_remove=given.get("canRemove") is True,
        seasons=[
            ExternalSeason(number=found, status=_status(each.get("status")))
            for each in rows(given.get("seasons"))
            if (found := number(each.get("seasonNumber"))) is not None
        ],
    )


def media_status(media: Row, product: RequestProduct, *, is_4k: bool) -> int:
    """The status of the requested quality. Overseerr has no blocklist, and its 6 is
    what is 7 in the others.
    """
    found = _status(media.get("status4k" if is_4k else "status"))
    if product is RequestProduct.OVERSEERR and found == MediaStatus.BLOCKLISTED:
        return MediaStatus.DELETED
    return found


def _status(value: object) -> int:
    found = number(value)
    return found if found is not None and 0 <= found < 2**31 else UNREADABLE


def _short(value: object) -> str | None:
    found = own_id(value)
    return found if found and len(found) <= MAX_ID else None
