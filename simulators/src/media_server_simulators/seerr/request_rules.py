"""What a request does to its media, and the media to its requests."""

from media_server_simulators.seerr.state import Media, MediaRequest, State, User
from media_server_simulators.seerr.values import (
    MediaStatus,
    Permission,
    RequestStatus,
)

THERE = {MediaStatus.AVAILABLE, MediaStatus.PARTIALLY_AVAILABLE}
ENDED = {RequestStatus.DECLINED, RequestStatus.COMPLETED}


def may_ask(user: User, type: str, is_4k: bool) -> bool:
    if is_4k:
        one = Permission.REQUEST_4K_MOVIE, Permission.REQUEST_4K_TV
        return user.may(Permission.REQUEST_4K, one[type == "tv"])
    one = Permission.REQUEST_MOVIE, Permission.REQUEST_TV
    return user.may(Permission.REQUEST, one[type == "tv"])


def approves_itself(user: User, type: str, is_4k: bool) -> bool:
    if user.may(Permission.MANAGE_REQUESTS):
        return True
    if is_4k:
        one = Permission.AUTO_APPROVE_4K_MOVIE, Permission.AUTO_APPROVE_4K_TV
        return user.may(Permission.AUTO_APPROVE_4K, one[type == "tv"])
    one = Permission.AUTO_APPROVE_MOVIE, Permission.AUTO_APPROVE_TV
    return user.may(Permission.AUTO_APPROVE, one[type == "tv"])


def taken_seasons(state: State, media: Media, is_4k: bool | None) -> set[int]:
    """Seasons that a new request leaves out.

    A request that does not say whether it is in 4K is compared with none before it.
    """
    taken = {
        season.number
        for request in state.requests_for(media)
        if request.is_4k is is_4k and request.status not in ENDED
        for season in request.seasons
    }
    absent = {MediaStatus.UNKNOWN, MediaStatus.DELETED}
    for season in media.seasons:
        status = season.status_4k if is_4k else season.status
        if status not in absent:
            taken.add(season.number)
    return taken


def approve(state: State, request: MediaRequest, by: User) -> None:
    request.status, request.modified_by = RequestStatus.APPROVED, by
    for season in request.seasons:
        season.status = RequestStatus.APPROVED
    state.touch(request)
    follow_request(state, request)


def decline(state: State, request: MediaRequest, by: User) -> None:
    request.status, request.modified_by = RequestStatus.DECLINED, by
    for season in request.seasons:
        season.status = RequestStatus.DECLINED
    state.touch(request)
    follow_request(state, request)


def follow_request(state: State, request: MediaRequest) -> None:
    """The status of the media after its request was approved or declined."""
    media, is_4k = request.media, request.is_4k
    now = media.status_of(is_4k)
    if request.status is RequestStatus.APPROVED:
        if now not in {*THERE, MediaStatus.PROCESSING}:
            media.set_status(MediaStatus.PROCESSING, is_4k)
            state.touch(media)
    elif request.status is RequestStatus.DECLINED and now is not MediaStatus.DELETED:
        waiting = any(
            each.status is RequestStatus.PENDING for each in state.requests_for(media)
        )
        alone = not waiting and now is MediaStatus.PENDING
        if media.type == "movie" or alone:
            media.set_status(MediaStatus.UNKNOWN, is_4k)
            state.touch(media)


def follow_media(
    state: State, media: Media, before: MediaStatus, *, is_4k: bool = False
) -> None:
    """Requests are approved and completed when their title is there, or was deleted."""
    now = media.status_of(is_4k)
    own = [each for each in state.requests_for(media) if each.is_4k is is_4k]
    if now is MediaStatus.AVAILABLE and before is MediaStatus.PENDING:
        for request in own:
            if request.status is RequestStatus.PENDING:
                request.status = RequestStatus.APPROVED
                state.touch(request)
    if now is before or now not in {*THERE, MediaStatus.DELETED}:
        return
    for request in own:
        if request.status is RequestStatus.APPROVED and _is_done(request, media, now):
            request.status = RequestStatus.COMPLETED
            for season in request.seasons:
                season.status = RequestStatus.COMPLETED
            state.touch(request)


def _is_done(request: MediaRequest, media: Media, now: MediaStatus) -> bool:
    if media.type == "movie":
        return now in {MediaStatus.AVAILABLE, MediaStatus.DELETED}
    done = {MediaStatus.AVAILABLE, MediaStatus.DELETED}
    for wanted in request.seasons:
        season = media.season(wanted.number)
        if season is None:
            return False
        if (season.status_4k if request.is_4k else season.status) not in done:
            return False
    return True
