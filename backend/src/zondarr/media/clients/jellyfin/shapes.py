"""The parts of Jellyfin's responses that are read. Every field has a default; enums
stay text.

Fields are those of PublicSystemInfo, VirtualFolderInfo, UserDto and
AuthenticationResult in Jellyfin's OpenAPI document.
"""

from datetime import datetime

from msgspec import Struct, field

type Policy = dict[str, object]
"""A UserPolicy as received, unknown keys included. It is sent back whole, since an
omitted key takes a permissive default.
"""


class PublicInfo(Struct, rename="pascal", frozen=True):
    id: str = ""
    server_name: str = ""
    version: str = ""
    product_name: str = ""
    startup_wizard_completed: bool | None = None
    wizard_completed_camel_case: bool | None = field(
        default=None, name="startupWizardCompleted"
    )
    """The camelCase key: the server is starting, whatever the value."""


class VirtualFolder(Struct, rename="pascal", frozen=True):
    name: str = ""
    collection_type: str | None = None
    item_id: str = ""
    locations: tuple[str, ...] | None = None


class User(Struct, rename="pascal", frozen=True):
    id: str
    name: str = ""
    policy: dict[str, object] = {}
    last_login_date: datetime | None = None
    last_activity_date: datetime | None = None


class _SignedInUser(Struct, rename="pascal", frozen=True):
    id: str = ""


class SignedIn(Struct, rename="pascal", frozen=True):
    access_token: str
    user: _SignedInUser
