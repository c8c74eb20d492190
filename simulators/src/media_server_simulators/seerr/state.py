"""What a Seerr keeps: users, media, requests, the blocklist and its settings."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from uuid import uuid4

from media_server_simulators.clock import Clock, utc_now
from media_server_simulators.seerr.profiles import Profile
from media_server_simulators.seerr.title_book import TitleBook
from media_server_simulators.seerr.values import (
    MediaServer,
    MediaStatus,
    Permission,
    RequestStatus,
    UserType,
)
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import Person


@dataclass(slots=True)
class User:
    id: int
    created: datetime
    type: UserType
    permissions: int = Permission.REQUEST
    email: str = ""
    username: str | None = None
    plex_username: str | None = None
    plex_id: int | None = None
    jellyfin_username: str | None = None
    jellyfin_id: str | None = None
    avatar: str = ""
    password: str | None = None
    updated: datetime | None = None

    @property
    def display_name(self) -> str:
        return (
            self.username or self.plex_username or self.jellyfin_username or self.email
        )

    def may(self, *any_of: Permission) -> bool:
        return bool(self.permissions & Permission.ADMIN) or any(
            self.permissions & each for each in any_of
        )


@dataclass(slots=True)
class Season:
    """A season of a show, as far as the media server has it."""

    id: int
    number: int
    created: datetime
    status: MediaStatus = MediaStatus.UNKNOWN
    status_4k: MediaStatus = MediaStatus.UNKNOWN


@dataclass(slots=True)
class Media:
    id: int
    type: str  # movie, tv
    tmdb: int
    created: datetime
    tvdb: int | None = None
    imdb: str | None = None
    status: MediaStatus = MediaStatus.UNKNOWN
    status_4k: MediaStatus = MediaStatus.UNKNOWN
    added: datetime | None = None
    seasons: list[Season] = field(default_factory=list[Season])
    jellyfin_id: str | None = None
    rating_key: str | None = None
    updated: datetime | None = None

    def status_of(self, is_4k: bool) -> MediaStatus:
        return self.status_4k if is_4k else self.status

    def set_status(self, status: MediaStatus, is_4k: bool) -> None:
        if is_4k:
            self.status_4k = status
        else:
            self.status = status

    def season(self, number: int) -> Season | None:
        return next((each for each in self.seasons if each.number == number), None)


@dataclass(slots=True)
class RequestedSeason:
    id: int
    number: int
    created: datetime
    status: RequestStatus


@dataclass(slots=True)
class MediaRequest:
    id: int
    media: Media
    by: User
    created: datetime
    status: RequestStatus
    is_4k: bool = False
    seasons: list[RequestedSeason] = field(default_factory=list[RequestedSeason])
    modified_by: User | None = None
    updated: datetime | None = None
    service: JsonObject = field(default_factory=dict)
    can_remove: bool = False

    @property
    def media_status(self) -> MediaStatus:
        return self.media.status_of(self.is_4k)


@dataclass(slots=True)
class Blocked:
    id: int
    type: str
    tmdb: int
    title: str | None
    by: User
    created: datetime


@dataclass(slots=True)
class JellyfinSettings:
    """The Jellyfin that a Seerr belongs to. Empty before set-up."""

    name: str = ""
    ip: str = ""
    port: int = 8096
    use_ssl: bool = False
    url_base: str = ""
    server_id: str = ""
    api_key: str = ""
    libraries: list[JsonObject] = field(default_factory=list[JsonObject])

    @property
    def url(self) -> str:
        scheme = "https" if self.use_ssl else "http"
        return f"{scheme}://{self.ip}:{self.port}{self.url_base}"


@dataclass(frozen=True, slots=True)
class PlexPerson:
    """Somebody with access to the Plex servers."""

    id: int
    name: str
    email: str


class State:
    """One Seerr in memory. Ids count up, as a database's do.

    `people` and `plex_people` have accounts on the media servers. `people` are asked
    only as long as no Jellyfin is connected over HTTP.
    """

    def __init__(self, profile: Profile, titles: TitleBook) -> None:
        self.profile = profile
        self.version = profile.version
        self.titles = titles
        self.people: Sequence[Person] = ()
        self.plex_people: Callable[[], Sequence[PlexPerson]] = tuple
        self.now: Clock = utc_now
        self.api_key = secrets.token_urlsafe(48)
        self.push_key = secrets.token_urlsafe(65)
        self.initialized = False
        self.unclaimed = False
        """Whether whoever signs in first may still set it up anew."""
        self.media_server = MediaServer.NOT_CONFIGURED
        self.jellyfin = JellyfinSettings()
        self.main: JsonObject = {}
        self.has_services = False
        """Whether a Radarr and a Sonarr are connected."""
        self.users: dict[int, User] = {}
        self.media: dict[int, Media] = {}
        self.requests: dict[int, MediaRequest] = {}
        self.blocklist: dict[int, Blocked] = {}
        self.sessions: dict[str, int] = {}
        self.request_counts: Counter[int] = Counter()
        self._by_title: dict[tuple[str, int], Media] = {}
        self._ids = {
            name: count(1) for name in ("user", "media", "request", "season", "block")
        }

    def next_id(self, of: str) -> int:
        return next(self._ids[of])

    # users

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def user_of_jellyfin(self, id: str) -> User | None:
        return next((u for u in self.users.values() if u.jellyfin_id == id), None)

    def user_of_email(self, email: str) -> User | None:
        wanted = email.lower()
        return next((u for u in self.users.values() if u.email == wanted), None)

    def remove_user(self, user: User) -> None:
        for request in self.requests_of(user):
            self.remove_request(request)
        for request in self.requests.values():
            if request.modified_by is user:
                request.modified_by = None
        for cookie in [c for c, owner in self.sessions.items() if owner == user.id]:
            del self.sessions[cookie]
        del self.users[user.id]

    def sign_in(self, user: User) -> str:
        cookie = f"s:{uuid4().hex}.{secrets.token_urlsafe(32)}"
        self.sessions[cookie] = user.id
        return cookie

    # media

    def media_of(self, type: str, tmdb: int) -> Media | None:
        return self._by_title.get((type, tmdb))

    def media_of_tmdb(self, tmdb: int) -> Media | None:
        return self.media_of("movie", tmdb) or self.media_of("tv", tmdb)

    def add_media(
        self, type: str, tmdb: int, *, tvdb: int | None, at: datetime
    ) -> Media:
        """`mediaAddedAt` is this moment until a scan finds the title."""
        media = Media(self.next_id("media"), type, tmdb, at, tvdb=tvdb, added=at)
        self.media[media.id] = media
        self._by_title[type, tmdb] = media
        return media

    def remove_media(self, media: Media) -> None:
        """Its requests go with it."""
        for request in self.requests_for(media):
            self._forget(request)
        self.blocklist.pop(media.tmdb, None)
        del self.media[media.id]
        del self._by_title[media.type, media.tmdb]

    # requests

    def add_request(self, request: MediaRequest) -> MediaRequest:
        self.requests[request.id] = request
        self.request_counts[request.by.id] += 1
        return request

    def requests_for(self, media: Media) -> list[MediaRequest]:
        return [each for each in self.requests.values() if each.media is media]

    def requests_of(self, user: User) -> list[MediaRequest]:
        return [each for each in self.requests.values() if each.by is user]

    def remove_request(self, request: MediaRequest) -> None:
        """The media is *unknown* again once nobody asks for it, unless it is there."""
        self._forget(request)
        media = request.media
        left = {each.is_4k for each in self.requests_for(media)}
        for is_4k in (False, True):
            there = media.status_of(is_4k) is MediaStatus.AVAILABLE
            if is_4k not in left and not there:
                media.set_status(MediaStatus.UNKNOWN, is_4k)

    def _forget(self, request: MediaRequest) -> None:
        del self.requests[request.id]
        self.request_counts[request.by.id] -= 1

    def new_seasons(
        self, numbers: Iterable[int], status: RequestStatus, at: datetime
    ) -> list[RequestedSeason]:
        return [
            RequestedSeason(self.next_id("season"), number, at, status)
            for number in numbers
        ]

    def touch(self, *rows: User | Media | MediaRequest) -> None:
        if self.profile.stamps_updates:
            for row in rows:
                row.updated = self.now()
