"""The parts of Plex's responses that are read. Optional fields have a default.

For plex.tv no API document describes them, see `tv`; fields are those that other
programs were seen to read in 2026.
"""

from msgspec import Struct, field

from zondarr.media.types import LibraryInfo

type Settings = dict[str, object]
"""`sharingSettings` as received: sent back whole, with the changes."""


class Identity(Struct, rename="camel", frozen=True):
    machine_identifier: str
    version: str = ""


class About(Struct, rename="camel", frozen=True):
    machine_identifier: str
    version: str = ""
    friendly_name: str = ""


class Location(Struct, frozen=True):
    path: str = ""


class Directory(Struct, frozen=True):
    """A library of the media server; `key` is the server's number, not plex.tv's."""

    key: str
    title: str = ""
    type: str = ""
    location: list[Location] | None = field(default=None, name="Location")

    def library(self) -> LibraryInfo:
        return LibraryInfo(
            external_id=self.key,
            name=self.title,
            library_type=self.type,
            locations=tuple(each.path for each in self.location or () if each.path),
        )


class Directories(Struct, frozen=True):
    directory: list[Directory] = field(default_factory=list, name="Directory")


class Container[T](Struct, frozen=True):
    inside: T = field(name="MediaContainer")


class Account(Struct, rename="camel", frozen=True):
    """The account of a token. plex.tv sends the token too; it is not read."""

    id: int
    username: str | None = None
    title: str | None = None
    email: str | None = None
    max_home_size: int | None = None


class Section(Struct, frozen=True):
    """A library on plex.tv: `id` is used in shares, `key` is the server's. It does not
    report the folders."""

    id: int
    key: str
    title: str = ""
    type: str = ""

    def library(self) -> LibraryInfo:
        return LibraryInfo(
            external_id=self.key, name=self.title, library_type=self.type
        )


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
    """Libraries of one server for one person. Its tokens are not read."""

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
    """A share in plex.tv's older list, from XML. Its token is not read."""

    id: str
    plex_id: str | None
    email: str | None


class Offered(Struct, rename="camel", frozen=True):
    id: int
    machine_identifier: str = ""


class Owner(Struct, frozen=True):
    id: int | None = None


class Received(Struct, rename="camel", frozen=True):
    """Pending shares that one owner offers to a person."""

    owner_id: int | None = None
    owner: Owner | None = None
    invited_id: int | None = None
    invited_email: str | None = None
    shared_servers: list[Offered] = []


class Member(Struct, frozen=True):
    """A member of the owner's Plex Home, from v1's XML; protected means with a PIN."""

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
    """A server or player that an account may use. Its token is not read."""

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
