"""What a client needs to call the connected Seerr."""

from uuid import UUID

from zondarr.core.crypto import Keyring, place_of
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.requests import RequestConnection, RequestProduct
from zondarr.requests.models import RequestServer


def place_of_key(id: UUID) -> str:
    return place_of("request_servers", "api_key", id)


def connect(
    server: RequestServer, keyring: Keyring, product: RequestProduct | None = None
) -> RequestConnection:
    """The address with the key in plain text. Not stored. `product` is what was found
    there just now, if it was looked at.

    Raises `MediaClientError` if the key is missing because its secret key was lost.
    """
    if not server.api_key:
        kind = ErrorKind.UNAUTHORIZED
        raise MediaClientError("connect", server.url, kind, "api_key_missing")
    return RequestConnection(
        id=server.id,
        url=server.url,
        api_key=keyring.open(server.api_key, place=place_of_key(server.id)),
        product=product or server.product,
    )
