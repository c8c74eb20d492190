"""What a simulated Jellyfin knows. Plain data; the rules stand in the other modules."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from media_server_simulators.clock import utc_now
from media_server_simulators.jellyfin.values import flag, number
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import Title, World


@dataclass(frozen=True, slots=True)
class Secret:
    """A password as the simulator keeps it: salted, and cheap on purpose."""

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> Secret:
        salt = secrets.token_bytes(8)
        return cls(salt, hashlib.blake2b(password.encode(), salt=salt).digest())

    def matches(self, password: str) -> bool:
        return (
            hashlib.blake2b(password.encode(), salt=self.salt).digest() == self.digest
        )


@dataclass(slots=True)
class User:
    id: str
    name: str
    policy: JsonObject
    configuration: JsonObject
    secret: Secret | None = None  # None: anyone signs in without a password
    last_login: datetime | None = None
    last_activity: datetime | None = None
    internal_id: int = 0  # the cache of 10.11 knows users by it


@dataclass(frozen=True, slots=True)
class UserSnapshot:
    """A user as read before the password was hashed; stale afterwards."""

    user: User
    disabled: bool
    attempts: int
    last_login: datetime | None
    last_activity: datetime | None

    @classmethod
    def of(cls, user: User) -> UserSnapshot:
        return cls(
            user,
            flag(user.policy, "IsDisabled"),
            number(user.policy, "InvalidLoginAttemptCount"),
            user.last_login,
            user.last_activity,
        )


@dataclass(slots=True)
class Device:
    """A user's token, which belongs to the device that signed in."""

    token: str
    user_id: str
    app: str
    app_version: str
    name: str
    device_id: str
    created: datetime
    last_activity: datetime


@dataclass(slots=True)
class ApiKey:
    token: str
    app: str
    created: datetime
    listed: bool = (
        True  # the simulator's own key is usable from the start and not listed
    )


@dataclass(slots=True)
class Session:
    key: str
    id: str
    client: str
    device_id: str
    last_activity: datetime
    user_id: str = ""
    user_name: str = ""
    client_version: str = ""
    device_name: str = ""
    address: str = ""
    last_check_in: datetime | None = None
    play_state: JsonObject = field(default_factory=dict)
    now_playing: JsonObject | None = None
    capabilities: JsonObject = field(default_factory=dict)
    sockets: int = 0


@dataclass(slots=True)
class Watch:
    """What one user did with one item."""

    played: bool = False
    count: int = 0
    favourite: bool = False
    position: int = 0
    last_played: datetime | None = None
    likes: bool | None = None
    rating: float | None = None


@dataclass(slots=True)
class LogEntry:
    id: int
    name: str
    kind: str
    date: datetime
    user_id: str
    severity: str = "Information"
    short: str | None = None
    overview: str | None = None
    item_id: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What a session is made of when somebody signs in."""

    app: str
    app_version: str
    device_id: str
    device_name: str
    address: str

    @property
    def is_whole(self) -> bool:
        return all((self.app, self.app_version, self.device_id, self.device_name))


@dataclass(slots=True)
class QuickConnect:
    """A device that waits for approval; `result` is what it may fetch then."""

    secret: str
    code: str
    visit: Visit
    expires: datetime
    added: datetime
    result: JsonObject | None = None


class EventKind(Enum):
    WATCHED = "watched"  # a user's data of an item changed
    LOGGED = "logged"
    SESSION_CHANGED = "session changed"  # one began, ended or plays something else
    SESSION_ACTIVE = "session active"
    SESSION_ENDED = "session ended"
    COMMANDED = "commanded"  # something is for the client of one session
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that open websockets may pass on."""

    kind: EventKind
    user_id: str = ""
    item_id: str = ""
    session_key: str = ""
    message: str = ""
    data: JsonObject = field(default_factory=dict)


@dataclass
class State:
    """The whole server in memory. `now` may be replaced by a test's clock."""

    version: Version
    world: World
    configuration: JsonObject
    folders: list[JsonObject]
    views: list[JsonObject]
    now: Callable[[], datetime] = utc_now
    scanned: datetime = field(default_factory=utc_now)  # when the world was scanned
    base_path: str = ""
    users: dict[str, User] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    device_names: dict[str, str] = field(default_factory=dict)
    api_keys: dict[str, ApiKey] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    watched: dict[tuple[str, str], Watch] = field(default_factory=dict)
    log: list[LogEntry] = field(default_factory=list)
    quick: dict[str, QuickConnect] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    wizard_done: bool = True
    cached_watches: dict[tuple[int, str], Watch] = field(default_factory=dict)
    added_views: set[str] = field(default_factory=set)
    stale_views: set[str] = field(default_factory=set)  # gone after a restart
    last_scan: datetime | None = None
    revision: int = 0  # counts changes of titles
    restarted: datetime | None = None
    watch_revision: int = 0  # counts changes of what users did with titles
    lists: dict[object, Sequence[Title]] = field(default_factory=dict)  # the last ones
    listeners: list[Callable[[Event], None]] = field(default_factory=list)

    def publish(self, event: Event) -> None:
        for hear in list(self.listeners):
            hear(event)

    @property
    def server_id(self) -> str:
        return self.world.server_id
