"""What we read of Plex's answers; what may be missing has a default."""

from msgspec import Struct, field

type Settings = dict[str, object]
"""`sharingSettings` as they came: sent back whole, with what is to change."""


class Identity(Struct, rename="camel", frozen=True):
    machine_identifier: str
    version: str = ""


class About(Struct, rename="camel", frozen=True):
    machine_identifier: str
    version: str = ""
    friendly_name: str = ""


class Directory(Struct, frozen=True):
    """A library of the media server; `key` is ours, not plex.tv's."""

    key: str
    title: str = ""
    type: str = ""


class Directories(Struct, frozen=True):
    directory: list[Directory] = field(default_factory=list, name="Directory")


class Container[T](Struct, frozen=True):
    inside: T = field(name="MediaContainer")


class Account(Struct, rename="camel", frozen=True):
    """Whose token it is. No token here, though plex.tv sends it along."""

    id: int
    username: str | None = None
    title: str | None = None
    email: str | None = None
    max_home_size: int | None = None


class Section(Struct, frozen=True):
    """A library as plex.tv counts it: `id` is for shares, `key` the server's."""

    id: int
    key: str
    title: str = ""
    type: str = ""


class Sections(Struct, rename="camel", frozen=True):
    library_sections: list[Section] = []


class Invited(Struct, frozen=True):
    id: int | None = None
    username: str | None = None
    title: str | None = None
    email: str | None = None


class SharedLibrary(Struct, frozen=True):
    id: int
    key: str


class Share(Struct, rename="camel", frozen=True):
    """Libraries of one server for one person. Its tokens are not read at all."""

    id: int
    invited_id: int | None = None
    invited_email: str | None = None
    invited: Invited | None = None
    machine_identifier: str = ""
    libraries: list[SharedLibrary] | None = None
    all_libraries: bool | None = None
    sharing_settings: dict[str, object] | None = None
    accepted_at: str | int | None = None
    deleted_at: str | int | None = None
    left_at: str | int | None = None


class ShareV1(Struct, frozen=True):
    """A share as plex.tv's older list has it, from XML. Its token is not read."""

    id: str
    plex_id: str | None
    email: str | None


class Offered(Struct, rename="camel", frozen=True):
    id: int
    machine_identifier: str = ""


class Owner(Struct, frozen=True):
    id: int | None = None


class Received(Struct, rename="camel", frozen=True):
    """What one owner offers to somebody: it waits until he accepts."""

    owner_id: int | None = None
    owner: Owner | None = None
    invited_id: int | None = None
    invited_email: str | None = None
    shared_servers: list[Offered] = []


class Member(Struct, frozen=True):
    """Somebody of the owner's Plex Home, from v1's XML; protected is with a PIN."""

    id: str
    title: str
    email: str | None
    is_admin: bool
    is_managed: bool
    is_protected: bool


class ResourceConnection(Struct, frozen=True):
    uri: str
    local: bool = False
    relay: bool = False


class Resource(Struct, rename="camel", frozen=True):
    """A server or a player that an account may use. Its token is not read at all."""

    client_identifier: str
    name: str = ""
    product_version: str = ""
    provides: str = ""
    owned: bool = False
    connections: list[ResourceConnection] = []


class Pin(Struct, rename="camel", frozen=True):
    id: int
    code: str
    expires_in: float | None = None
    expires_at: str | None = None
    auth_token: str | None = None

    def __repr__(self) -> str:
        return f"Pin(id={self.id})"
