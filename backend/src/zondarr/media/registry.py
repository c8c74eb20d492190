"""Which client speaks to which type of server. One registry per process."""

from typing import Self

import msgspec

from zondarr.media.connections import ClientOptions, HostStates
from zondarr.media.exceptions import (
    ErrorKind,
    MediaClientError,
    UnknownServerTypeError,
)
from zondarr.media.operations import named_operation
from zondarr.media.protocol import MediaClient
from zondarr.media.server_types import ServerTypeInfo
from zondarr.media.sign_in import SignInProvider
from zondarr.media.types import Capability, ServerConnection, ServerType


class ClientRegistry:
    """`ClientRegistry()` is always the same object.

    Every method raises `UnknownServerTypeError` for a type that nobody registered.
    `zondarr.media.clients.register_clients` fills it.
    """

    _one: ClientRegistry | None = None
    _classes: dict[str, type[MediaClient]]
    _states: HostStates
    _sign_in: type[SignInProvider]

    def __new__(cls) -> Self:
        one = cls._one
        if not isinstance(one, cls):
            one = cls._one = super().__new__(cls)
            one._classes = {}
            one._states = HostStates()
        return one

    def configure(self, options: ClientOptions) -> None:
        """Set how clients made from now on behave."""
        self._states = HostStates(options)

    def set_device_id(self, device_id: str) -> None:
        """Set what this installation calls itself to servers and to plex.tv."""
        options = msgspec.structs.replace(self._states.options, device_id=device_id)
        self._states = HostStates(options)

    @property
    def states(self) -> HostStates:
        """What conversations share; for those that no client of a server has."""
        return self._states

    def register(
        self, server_type: ServerType | str, client_class: type[MediaClient]
    ) -> None:
        """Let `client_class` speak to servers of this type; the last one counts."""
        self._classes[str(server_type)] = client_class

    def register_sign_in(self, provider: type[SignInProvider]) -> None:
        """Let people sign in with `provider`."""
        self._sign_in = provider

    def sign_in_provider(self) -> SignInProvider:
        """Of one's own: cheap, and with the options of this moment."""
        return self._sign_in(self._states)

    def get_client_class(self, server_type: ServerType | str) -> type[MediaClient]:
        try:
            return self._classes[str(server_type)]
        except KeyError:
            raise UnknownServerTypeError(str(server_type)) from None

    def get_client(self, server: ServerConnection) -> MediaClient:
        """A client of one's own for this server: cheap, to be entered and left."""
        return self.get_client_class(server.server_type)(server, self._states)

    def get_info(self, server_type: ServerType | str) -> ServerTypeInfo:
        """What is true of every server of this type."""
        return self.get_client_class(server_type).INFO

    def get_capabilities(self, server_type: ServerType | str) -> frozenset[Capability]:
        return self.get_client_class(server_type).capabilities()

    def types_with_common_accounts(self) -> list[ServerType]:
        """Where an account is the same person on every server of the type."""
        return [
            each for each in self.server_types() if self.get_info(each).common_accounts
        ]

    def guest_url(self, server_type: ServerType | str, url: str) -> str:
        """Where a guest of the server at `url` goes to watch."""
        return self.get_client_class(server_type).guest_url(url, self._states)

    def server_types(self) -> list[ServerType]:
        """The types that are registered."""
        return [each for each in ServerType if each in self._classes]

    async def detect_server_type(self, url: str) -> ServerType:
        """Find out what answers at `url`, without a key.

        Raises `MediaClientError`: `unreachable`, `starting`, `url_invalid`, or
        `server_type_unknown` when something answers and nobody recognises it.
        """
        with named_operation("detect_server_type"):
            for server_type in self.server_types():
                client_class = self.get_client_class(server_type)
                if await client_class.recognises(url, self._states):
                    return server_type
        raise MediaClientError(
            "detect_server_type", url, ErrorKind.NOT_THIS_TYPE, "server_type_unknown"
        )
