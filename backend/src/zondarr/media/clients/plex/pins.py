"""Sign-in with Plex: a PIN that we create and the person approves on Plex's page.

plex.tv gives the token to whoever polls with the client identifier that created the
PIN. So both happen here, and the token stays on the server: `Token` hides its value
from repr and pickle.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from zondarr.core.clock import utc_now
from zondarr.media.clients.plex.owned import owned_servers
from zondarr.media.clients.plex.shapes import Account, Pin
from zondarr.media.clients.plex.transport import ThrottledTransport, headers
from zondarr.media.connections import HostStates
from zondarr.media.exceptions import ErrorKind, MediaClientError
from zondarr.media.operations import named_operation
from zondarr.media.sign_in import (
    OwnedServer,
    PlexPin,
    PlexSignIn,
    PolledPin,
    Token,
)
from zondarr.media.transport import ClientRequest

SHORTEST_LIFE = timedelta(minutes=15)
"""Assumed if plex.tv does not send the PIN's lifetime: 15 to 30 minutes were seen."""

LONGEST_LIFE = timedelta(days=1)


class PlexPins:
    """Creates and polls PINs. Raises `MediaClientError`, with status 502 if plex.tv
    fails.
    """

    def __init__(self, states: HostStates) -> None:
        self._states = states

    async def create(self, *, forward_url: str | None = None) -> PlexPin:
        """Create a PIN; after signing in, Plex redirects the person to `forward_url`.
        `POST /api/v2/pins`.
        """
        request = ClientRequest(
            method="POST",
            path="/api/v2/pins",
            params={"strong": "true"},
            headers=self._headers(),
        )
        pin = await self._request(request, Pin, "create_pin")
        return PlexPin(
            id=pin.id,
            code=pin.code,
            auth_url=self._auth_url(pin.code, forward_url),
            expires_at=_expiry(pin),
        )

    async def check(self, pin_id: int) -> PlexSignIn:
        """Whether the PIN was approved, and by which account."""
        polled = await self.poll(pin_id)
        if polled.token is not None:
            return await self.account_of(polled.token)
        error = "expired" if polled.expired else None
        return PlexSignIn(authenticated=False, error=error)

    async def poll(self, pin_id: int) -> PolledPin:
        """The token, once the PIN was approved. Store it: plex.tv may return it only
        once. `GET /api/v2/pins/{id}`.
        """
        request = ClientRequest(
            path=f"/api/v2/pins/{pin_id:d}", headers=self._headers()
        )
        try:
            pin = await self._request(request, Pin, "check_pin", may_be_gone=True)
        except MediaClientError as error:
            if error.kind is ErrorKind.GONE:
                return PolledPin(expired=True)
            raise
        if pin.auth_token:
            return PolledPin(token=Token(pin.auth_token))
        return PolledPin(expired=_expiry(pin) <= utc_now())

    async def account_of(self, token: Token) -> PlexSignIn:
        """The account that a token belongs to. `GET /api/v2/user`."""
        request = ClientRequest(
            path="/api/v2/user", headers=self._headers(token.reveal())
        )
        account = await self._request(request, Account, "check_pin")
        email = (account.email or "").strip().lower()
        return PlexSignIn(
            authenticated=True,
            email=email or None,
            plex_id=str(account.id),
            username=account.title or account.username,
            token=token,
            error=None if email else "email_missing",
        )

    async def owned_servers(self, token: Token) -> list[OwnedServer]:
        """The media servers that this account owns. `GET /api/v2/resources`."""
        return await owned_servers(token, self._states)

    def _headers(self, token: str = "") -> dict[str, str]:
        return headers(self._states.options.device_id, token)

    def _auth_url(self, code: str, forward_url: str | None) -> str:
        options = self._states.options
        params = {"clientID": options.device_id, "code": code}
        if forward_url:
            params["forwardUrl"] = forward_url
        params["context[device][product]"] = "Zondarr"
        return f"{options.plex_app_url}/auth#?{urlencode(params)}"

    async def _request[T](
        self,
        request: ClientRequest,
        shape: type[T],
        name: str,
        *,
        may_be_gone: bool = False,
    ) -> T:
        url = self._states.options.plex_tv_url
        state = self._states.of(url)
        with named_operation(name):
            async with state.connections() as http:
                host = ThrottledTransport(url, http, state, self._states.throttle(url))
                try:
                    return await host.send(
                        request, lambda got: host.decode(request, got, shape)
                    )
                except MediaClientError as error:
                    gone = may_be_gone and error.kind is ErrorKind.GONE
                    if gone or error.code == "rate_limited":
                        raise
                    raise host.error(
                        ErrorKind.FAILED,
                        "plex_tv_failed",
                        error,
                        retry_after=error.retry_after,
                    ) from error


def _expiry(pin: Pin) -> datetime:
    if pin.expires_at:
        try:
            at = datetime.fromisoformat(pin.expires_at)
        except ValueError:
            at = None
        if at is not None:
            return at if at.tzinfo else at.replace(tzinfo=UTC)
    if pin.expires_in is None:
        return utc_now() + SHORTEST_LIFE
    longest = LONGEST_LIFE.total_seconds()
    return utc_now() + timedelta(seconds=max(0.0, min(pin.expires_in, longest)))
