"""Sign-in with Plex, for guests and for operators.

The PIN is created and polled on the server, so neither plex.tv's id of it nor the token
leaves it: a browser gets an id of ours, which is useless without its holder.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid7

from zondarr.core.clock import utc_now
from zondarr.core.crypto import Keyring, fingerprint, place_of
from zondarr.core.database import Database
from zondarr.core.rate_limits.limit import Limit
from zondarr.core.rate_limits.limiter import Limiter, network_of
from zondarr.media.exceptions import MediaClientError
from zondarr.media.registry import ClientRegistry
from zondarr.media.sign_in import SignInProvider, Token
from zondarr.plex_accounts.models import PlexSignIn
from zondarr.plex_accounts.repository import PlexSignInRepository
from zondarr.plex_accounts.schemas import PlexPinResponse, PlexPinState

LONGEST = timedelta(hours=1)
"""A sign-in and its token are kept no longer, whether or not they were used."""
PINS = Limit(30, 600)
"""For one browser or one account."""
COLUMN = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The account that approved a PIN. `email` is None for an account
    without address.
    """

    plex_id: str
    email: str | None
    username: str | None
    token: Token


def browser_holder(cookie: str, /) -> str:
    """The holder for a guest's browser, from its cookie."""
    return fingerprint(f"browser {cookie}")


def account_holder(account_id: UUID, /) -> str:
    """The holder for an operator."""
    return fingerprint(f"account {account_id}")


class PlexSignInService:
    """Sign-ins and their state; one object per process.

    Another holder's sign-in is not found. `limit` is the join page's limit per client
    address; PINs are counted separately.
    """

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        registry: ClientRegistry,
        *,
        limit: Limit,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.registry = registry
        self.addresses = Limiter(database, "join pin", limit, why="join page")
        self.holders = Limiter(database, "plex pin", PINS, why="sign-in")

    async def create_pin(
        self, holder: str, *, forward_url: str | None = None, address: str | None = None
    ) -> PlexPinResponse:
        """Create a PIN to approve; Plex then redirects the browser to `forward_url`.

        Counts against the limit of the client address, if one is given.
        """
        if address is not None:
            await self.addresses.acquire(network_of(address))
        await self.holders.acquire(holder)
        pin = await self._pins.create(forward_url=forward_url)
        now = utc_now()
        row = PlexSignIn(
            id=uuid7(),
            holder=holder,
            pin=pin.id,
            created_at=now,
            expires_at=min(pin.expires_at, now + LONGEST),
        )
        async with self.database.unscoped("sign-in") as session:
            await PlexSignInRepository(session).create(row)
        return PlexPinResponse(
            pin_id=row.id,
            code=pin.code,
            auth_url=pin.auth_url,
            expires_at=row.expires_at,
        )

    async def find(self, pin_id: UUID, holder: str) -> PlexSignIn:
        """The holder's sign-in; raises `NotFoundError` for any other holder."""
        async with self.database.unscoped("sign-in", reading=True) as session:
            sign_ins = PlexSignInRepository(session)
            return sign_ins.found(await sign_ins.get_held(pin_id, holder), pin_id)

    async def check(self, pin_id: UUID, holder: str) -> PlexPinState:
        """The state of the sign-in; polls plex.tv unless it was just polled.

        Raises `NotFoundError`, and `MediaClientError` when plex.tv fails.
        """
        row = await self.find(pin_id, holder)
        if _is_open(row) and await self._take_turn(pin_id):
            try:
                await self._refresh(row)
            except MediaClientError as error:
                if error.error_code != "rate_limited":
                    raise
            row = await self.find(pin_id, holder)
        return _state_of(row)

    async def signed_in(self, pin_id: UUID, holder: str) -> SignedIn | None:
        """The account that approved the PIN; None if nobody did, it expired, or the
        holder is another.

        Taking the token ends the sign-in.
        """
        async with self.database.unscoped("sign-in", reading=True) as session:
            row = await PlexSignInRepository(session).get_held(pin_id, holder)
        if row is None or _is_over(row) or row.token is None or row.plex_id is None:
            return None
        return SignedIn(
            plex_id=row.plex_id,
            email=row.email,
            username=row.username,
            token=self._opened(row.id, row.token),
        )

    async def latest(self, holder: str) -> UUID | None:
        """The last approved sign-in of this holder that has not ended."""
        async with self.database.unscoped("sign-in", reading=True) as session:
            return await PlexSignInRepository(session).get_latest(holder, now=utc_now())

    async def sweep(self) -> int:
        """Delete the sign-ins that have ended; returns their number."""
        async with self.database.unscoped("background job") as session:
            return await PlexSignInRepository(session).delete_expired(utc_now())

    @property
    def _pins(self) -> SignInProvider:
        return self.registry.sign_in_provider()

    async def _take_turn(self, pin_id: UUID) -> bool:
        """Limits how often plex.tv is polled about one PIN, however often a
        page asks.
        """
        pause = timedelta(seconds=self.registry.states.options.pin_pause)
        async with self.database.unscoped("sign-in") as session:
            sign_ins = PlexSignInRepository(session)
            return await sign_ins.take_turn(pin_id, now=utc_now(), pause=pause)

    async def _refresh(self, row: PlexSignIn) -> None:
        """Poll plex.tv, and store each result as soon as it is known."""
        token = self._opened(row.id, row.token) if row.token else await self._poll(row)
        if token is None:
            return
        account = await self._pins.account_of(token)
        async with self.database.unscoped("sign-in") as session:
            await PlexSignInRepository(session).store_account(
                row.id,
                plex_id=account.plex_id,
                email=_address(account.email),
                username=_fitting(account.username),
            )

    async def _poll(self, row: PlexSignIn) -> Token | None:
        polled = await self._pins.poll(row.pin)
        if polled.token is None and not polled.expired:
            return None
        async with self.database.unscoped("sign-in") as session:
            sign_ins = PlexSignInRepository(session)
            if polled.token is None:
                await sign_ins.store_error(row.id, error="expired")
            else:
                sealed = self.keyring.seal(
                    polled.token.reveal(), place=_place_of_token(row.id)
                )
                until = row.created_at + LONGEST
                await sign_ins.store_token(row.id, sealed, now=utc_now(), until=until)
        return polled.token

    def _opened(self, id: UUID, token: str) -> Token:
        return Token(self.keyring.open(token, place=_place_of_token(id)))


def _place_of_token(id: UUID) -> str:
    return place_of("plex_sign_ins", "token", id)


def _is_over(row: PlexSignIn) -> bool:
    return row.expires_at <= utc_now()


def _is_open(row: PlexSignIn) -> bool:
    """Whether plex.tv may have a new state."""
    return row.plex_id is None and row.error is None and not _is_over(row)


def _state_of(row: PlexSignIn) -> PlexPinState:
    if row.error == "expired" or _is_over(row):
        return PlexPinState.nobody("expired")
    if row.plex_id is None:
        return PlexPinState.nobody()
    return PlexPinState(
        authenticated=True,
        email=row.email,
        username=row.username,
        error=None if row.email else "email_missing",
    )


def _address(email: str | None) -> str | None:
    """An address that does not fit into the column is dropped: a part of it would be
    another address.
    """
    return email if email and email == _fitting(email) else None


def _fitting(text: str | None) -> str | None:
    """The name, truncated to the column's length."""
    return text.replace("\0", "")[:COLUMN] if text else None
