"""Maps server types to clients. One registry per process."""

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
from zondarr.media.requests import RequestClient, RequestConnection
from zondarr.media.server_types import ServerTypeInfo
from zondarr.media.sign_in import SignInProvider
from zondarr.media.types import Capability, ServerConnection, ServerType


class ClientRegistry:
    """`ClientRegistry()` is always the same object.

    Methods raise `UnknownServerTypeError` for a type that is not registered.
    `zondarr.media.clients.register_clients` fills it.
    """

    _one: ClientRegistry | None = None
    _classes: dict[str, type[MediaClient]]
    _states: HostStates
    _sign_in: type[SignInProvider]
    _requests: type[RequestClient]

    def __new__(cls) -> Self:
        instance = cls._one
        if not isinstance(instance, cls):
            instance = cls._one = super().__new__(cls)
            instance._classes = {}
            instance._states = HostStates()
        return instance

    def configure(self, options: ClientOptions) -> None:
        """Set the options of clients created from now on."""
        self._states = HostStates(options)

    def set_device_id(self, device_id: str) -> None:
        """Set how this installation identifies itself to servers and to plex.tv."""
        options = msgspec.structs.replace(self._states.options, device_id=device_id)
        self._states = HostStates(options)

    @property
    def states(self) -> HostStates:
        """The shared host states, for requests that no client of a stored
        server makes.
        """
        return self._states

    def register(
        self, server_type: ServerType | str, client_class: type[MediaClient]
    ) -> None:
        """Register `client_class` for servers of this type; the last registration
        counts.
        """
        self._classes[str(server_type)] = client_class

    def register_sign_in(self, provider: type[SignInProvider]) -> None:
        """Set the sign-in provider."""
        self._sign_in = provider

    def sign_in_provider(self) -> SignInProvider:
        """A new provider with the current options; cheap to create."""
        return self._sign_in(self._states)

    def register_requests(self, client_class: type[RequestClient]) -> None:
        """Set the client of Seerr and its relatives."""
        self._requests = client_class

    def get_request_client(self, server: RequestConnection) -> RequestClient:
        """A new client for this Seerr; used with `async with`."""
        return self._requests(server, self._states)

    def get_client_class(self, server_type: ServerType | str) -> type[MediaClient]:
        try:
            return self._classes[str(server_type)]
        except KeyError:
            raise UnknownServerTypeError(str(server_type)) from None

    def get_client(self, server: ServerConnection) -> MediaClient:
        """A new client for this server; cheap to create, used with `async with`."""
        return self.get_client_class(server.server_type)(server, self._states)

    def get_info(self, server_type: ServerType | str) -> ServerTypeInfo:
        """What is true of every server of this type."""
        return self.get_client_class(server_type).INFO

    def get_capabilities(self, server_type: ServerType | str) -> frozenset[Capability]:
        return self.get_client_class(server_type).capabilities()

    def types_with_common_accounts(self) -> list[ServerType]:
        """The types on whose servers an account is the same person everywhere."""
        return [
            each for each in self.server_types() if self.get_info(each).common_accounts
        ]

    def guest_url(self, server_type: ServerType | str, url: str) -> str:
        """The address where a guest of the server at `url` watches."""
        return self.get_client_class(server_type).guest_url(url, self._states)

    def server_types(self) -> list[ServerType]:
        """The registered types."""
        return [each for each in ServerType if each in self._classes]

    async def detect_server_type(self, url: str) -> ServerType:
        """Find out what kind of server responds at `url`, without a key.

        Raises `MediaClientError`: `unreachable`, `starting`, `url_invalid`, or
        `server_type_unknown` when something responds that no client recognises.
        """
        with named_operation("detect_server_type"):
            for server_type in self.server_types():
                client_class = self.get_client_class(server_type)
                if await client_class.recognises(url, self._states):
                    return server_type
        raise MediaClientError(
            "detect_server_type", url, ErrorKind.NOT_THIS_TYPE, "server_type_unknown"
        )
