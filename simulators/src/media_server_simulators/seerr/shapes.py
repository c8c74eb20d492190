"""Users, media and requests as Seerr shows them.

What is shown depends on how a row was loaded: see the parameters.
"""

from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.state import (
    Media,
    MediaRequest,
    RequestedSeason,
    Season,
    State,
    User,
)
from media_server_simulators.seerr.values import MediaStatus, RequestStatus, written
from media_server_simulators.wire import Json, JsonObject

OVERSEERR_DELETED = 6


def user_shape(
    state: State, who: User, *, private: bool = True, settings: bool = False
) -> JsonObject:
    """`private`: with what only somebody who manages users sees."""
    shown = new_user_shape(state, who)
    if private:
        shown |= {"email": who.email, "plexId": who.plex_id}
    if settings:
        shown["settings"] = None
    return shown | {
        "requestCount": state.request_counts[who.id],
        "displayName": who.display_name,
    }


def new_user_shape(state: State, who: User) -> JsonObject:
    """A row that was written just now: nothing is computed for it yet."""
    shown: JsonObject = {
        "permissions": int(who.permissions),
        "warnings": [],
        "id": who.id,
        "plexUsername": who.plex_username,
        "username": who.username,
        "recoveryLinkExpirationDate": None,
        "userType": int(who.type),
        "avatar": who.avatar,
        "movieQuotaLimit": None,
        "movieQuotaDays": None,
        "tvQuotaLimit": None,
        "tvQuotaDays": None,
        "createdAt": written(who.created),
        "updatedAt": written(who.updated or who.created),
    }
    if state.profile.knows_jellyfin:
        shown |= {
            "jellyfinUsername": who.jellyfin_username,
            "jellyfinUserId": who.jellyfin_id,
            "avatarETag": None,
            "avatarVersion": None,
        }
    return shown


def media_shape(
    state: State,
    row: Media,
    *,
    seasons: bool = False,
    requests: bool = False,
    issues: bool = False,
) -> JsonObject:
    shown: JsonObject = {
        "downloadStatus": [],
        "downloadStatus4k": [],
        "id": row.id,
        "mediaType": row.type,
        "tmdbId": row.tmdb,
        "tvdbId": row.tvdb,
        "imdbId": row.imdb,
        "status": _media_status(state, row.status),
        "status4k": _media_status(state, row.status_4k),
        "createdAt": written(row.created),
        "updatedAt": written(row.updated or row.created),
        "lastSeasonChange": written(row.created),
        "mediaAddedAt": written(row.added) if row.added else None,
        "serviceId": None,
        "serviceId4k": None,
        "externalServiceId": None,
        "externalServiceId4k": None,
        "externalServiceSlug": None,
        "externalServiceSlug4k": None,
        "ratingKey": row.rating_key,
        "ratingKey4k": None,
    }
    if state.profile.knows_jellyfin:
        shown |= {"jellyfinMediaId": row.jellyfin_id, "jellyfinMediaId4k": None}
    if row.jellyfin_id and state.profile.knows_jellyfin:
        shown["mediaUrl"] = _media_url(state, row.jellyfin_id)
    if requests:
        rows = state.requests_for(row)
        shown["requests"] = [request_shape(state, each) for each in rows]
    if issues:
        shown["issues"] = []
    if seasons:
        shown["seasons"] = [season_of_media_shape(state, each) for each in row.seasons]
    return shown


def _media_url(state: State, id: str) -> str:
    jellyfin = state.jellyfin
    place = f"details?id={id}&context=home&serverId={jellyfin.server_id}"
    return f"{jellyfin.url}/web/index.html#!/{place}"


def season_of_media_shape(state: State, season: Season) -> JsonObject:
    return {
        "id": season.id,
        "seasonNumber": season.number,
        "status": _media_status(state, season.status),
        "status4k": _media_status(state, season.status_4k),
        "createdAt": written(season.created),
        "updatedAt": written(season.created),
    }


def request_shape(
    state: State,
    row: MediaRequest,
    *,
    media_seasons: bool = False,
    settings: bool = False,
    media_as: JsonObject | None = None,
) -> JsonObject:
    """`media_seasons`: whether the media has its seasons.

    `media_as`: the media as it was when the row was loaded.
    """
    by = user_shape(state, row.by, settings=settings)
    changer = row.modified_by
    modified = user_shape(state, changer, settings=settings) if changer else None
    return {
        "id": row.id,
        "status": _request_status(state, row.status),
        "createdAt": written(row.created),
        "updatedAt": written(row.updated or row.created),
        "type": row.media.type,
        "is4k": row.is_4k,
        "serverId": row.service.get("serverId"),
        "profileId": row.service.get("profileId"),
        "rootFolder": row.service.get("rootFolder"),
        "languageProfileId": row.service.get("languageProfileId"),
        "tags": row.service.get("tags"),
        "isAutoRequest": False,
        "media": media_as or media_shape(state, row.media, seasons=media_seasons),
        "seasons": [requested_season_shape(state, each) for each in row.seasons],
        "modifiedBy": modified,
        "requestedBy": by,
        "seasonCount": len(row.seasons),
    }


def requested_season_shape(state: State, season: RequestedSeason) -> JsonObject:
    return {
        "id": season.id,
        "seasonNumber": season.number,
        "status": _request_status(state, season.status),
        "createdAt": written(season.created),
        "updatedAt": written(season.created),
    }


def page_with_services(page: JsonObject) -> JsonObject:
    """Seerr says beside a page which Radarr and Sonarr it could not ask."""
    services: Json = {"radarr": [], "sonarr": []}
    return page | {"serviceErrors": services}


def _media_status(state: State, status: MediaStatus) -> int:
    if state.profile is Profile.OVERSEERR and status is MediaStatus.DELETED:
        return OVERSEERR_DELETED
    return int(status)


def _request_status(state: State, status: RequestStatus) -> int:
    later = status in {RequestStatus.FAILED, RequestStatus.COMPLETED}
    if later and not state.profile.completes_requests:
        return int(RequestStatus.APPROVED)
    return int(status)
