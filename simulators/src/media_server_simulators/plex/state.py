"""What plex.tv and its media servers know: accounts, servers, shares, Homes, pins."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from media_server_simulators.clock import Clock, utc_now
from media_server_simulators.generator import make_world
from media_server_simulators.plex.settings import Sharing
from media_server_simulators.plex.views import Play, Views
from media_server_simulators.world import Library, Person, World, guid_of

PIN_LIFE = timedelta(minutes=30)
SECTION_TYPES = {"movies": "movie", "tvshows": "show", "music": "artist"}


def new_token() -> str:
    return secrets.token_urlsafe(15)  # 20 characters, as a real one


@dataclass(slots=True)
class Account:
    """An account of plex.tv. `home_of` is the owner of the Home it belongs to."""

    id: int
    uuid: str
    username: str
    title: str
    email: str | None
    token: str
    home_of: int | None = None
    restricted: bool = False
    profile: str | None = None
    home_pin: str | None = None
    plex_pass: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A library: `id` is plex.tv's, `key` the media server's; they never agree."""

    id: int
    key: str
    title: str
    type: str
    library: Library


@dataclass(slots=True)
class Server:
    machine_identifier: str
    name: str
    owner_id: int
    access_token: str
    world: World
    sections: tuple[Section, ...]
    url: str = "http://127.0.0.1:32400"

    def chosen(self, ids: Iterable[int]) -> list[Section]:
        wanted = set(ids)
        return [each for each in self.sections if each.id in wanted]


@dataclass(slots=True)
class Share:
    """Libraries of one server for one person, by e-mail until an account has it."""

    id: int
    machine_identifier: str
    owner_id: int
    invited_id: int | None
    invited_email: str | None
    section_ids: list[int]
    sharing: Sharing
    invited_at: datetime
    invite_token: str = field(default_factory=new_token)
    access_token: str = field(default_factory=new_token)
    accepted_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def is_pending(self) -> bool:
        return self.accepted_at is None and self.left_at is None

    @property
    def is_live(self) -> bool:
        return self.accepted_at is not None and self.left_at is None

    @property
    def status(self) -> str:
        if self.left_at is not None:
            return "left"
        return "pending" if self.accepted_at is None else "accepted"


@dataclass(slots=True)
class Pin:
    """A sign-in that waits. `token` is there once somebody has approved it."""

    id: int
    code: str
    client: str
    product: str
    strong: bool
    created: datetime
    account_id: int | None = None
    token: str | None = None

    @property
    def expires(self) -> datetime:
        return self.created + PIN_LIFE


class PlexWorld:
    """One owner, their servers and everyone else with an account; shared by all apps.

    `now` may be replaced by another clock. People of the worlds are accounts that know
    nobody yet: friends, shares and Homes are made by asking plex.tv.
    """

    def __init__(self, *worlds: World) -> None:
        worlds = worlds or (make_world(),)
        self.now: Clock = utc_now
        self.accounts: dict[int, Account] = {}
        self.servers: dict[str, Server] = {}
        self.tokens: dict[str, int] = {}
        self.shares: dict[int, Share] = {}
        self.friends: dict[frozenset[int], bool] = {}  # True once accepted
        self.pins: dict[int, Pin] = {}
        self.plays: list[Play] = []
        self.views = Views(self.plays)
        self._ids = count(9_000_001)
        admin = worlds[0].administrator
        email = f"{admin.name}@example.org"
        self.owner = self.register(admin.name, email, id=account_id_of(admin))
        self.owner.plex_pass = True
        for world in worlds:
            self.add_server(world, self.owner)
        for person in (each for world in worlds for each in world.people):
            self.people_of(person)

    def people_of(self, person: Person) -> Account:
        """The account of someone of a world, made when first asked for."""
        known = self.accounts.get(account_id_of(person))
        email = f"{person.name.lower().replace(' ', '.')}@example.org"
        return known or self.register(person.name, email, id=account_id_of(person))

    def next_id(self) -> int:
        return next(self._ids)

    def add_server(
        self, world: World, owner: Account, *, machine_identifier: str | None = None
    ) -> Server:
        mid = machine_identifier or (world.server_id * 2)[:40]
        server = Server(
            mid, world.server_name, owner.id, new_token(), world, sections_of(world)
        )
        self.servers[mid] = server
        self.tokens[server.access_token] = owner.id
        return server

    def register(
        self, name: str, email: str | None, *, id: int | None = None
    ) -> Account:
        """A new account; invitations to its address are from now on its own."""
        own = id or self.next_id()
        username = name.replace(" ", "") if email else ""
        account = Account(own, secrets.token_hex(8), username, name, email, new_token())
        self.accounts[own] = account
        self.tokens[account.token] = own
        for share in self.shares.values():
            if email and share.invited_id is None and share.invited_email == email:
                share.invited_id = own
        return account

    def find(self, who: str) -> Account | None:
        """By id, username, title or e-mail, without case."""
        wanted = who.strip().lower()
        return next(
            (
                each
                for each in self.accounts.values()
                if wanted in {str(each.id), each.title.lower(), each.username.lower()}
                or wanted == (each.email or "").lower()
            ),
            None,
        )

    def token_for(self, account: Account) -> str:
        """A further token, as every sign-in of a device gets one."""
        token = new_token()
        self.tokens[token] = account.id
        return token

    def holder(self, token: str | None) -> Account | None:
        return self.accounts.get(self.tokens.get(token or "", 0))

    def shares_of(self, owner: Account) -> Iterator[Share]:
        return (each for each in self.shares.values() if each.owner_id == owner.id)

    def home_of(self, owner: Account) -> Iterator[Account]:
        return (each for each in self.accounts.values() if each.home_of == owner.id)

    def are_friends(self, one: int, other: int) -> bool:
        return self.friends.get(frozenset((one, other)), False)

    def forget(self, account: Account) -> None:
        """The account and all that hung on it."""
        del self.accounts[account.id]
        self.tokens = {k: v for k, v in self.tokens.items() if v != account.id}
        for share in [s for s in self.shares.values() if s.invited_id == account.id]:
            del self.shares[share.id]


def account_id_of(person: Person) -> int:
    """plex.tv's number of someone of a world: the same in every run."""
    return 10_000_000 + int(person.id[:7], 16) % 80_000_000


def sections_of(world: World) -> tuple[Section, ...]:
    base = 100_000_000 + int(guid_of(world.server_id)[:6], 16)
    return tuple(
        Section(
            base + 7 * number,
            str(number),
            library.name,
            SECTION_TYPES.get(library.kind, "movie"),
            library,
        )
        for number, library in enumerate(world.libraries, 1)
    )
