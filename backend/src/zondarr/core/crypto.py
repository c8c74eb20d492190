"""Encrypts stored secrets, and derives tokens.

A sealed value reads `z1.<key id>.<nonce and ciphertext>` (base64url): AES-256-GCM under
a key derived with HKDF-SHA256 from one line of the secret key. The cell it is stored in
is the associated data, so that a value moved to another row cannot be opened.
"""

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cached_property
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zondarr.core.exceptions import ConfigurationError, ZondarrError

_VERSION = "z1"
_NONCE_BYTES = 12
RELOAD_AFTER = timedelta(minutes=1)
"""After this time the keys are read again before sealing."""


class SealError(ZondarrError):
    """A sealed value cannot be opened: its key is gone, or it was changed."""

    code = "unreadable_secret"


class SecretKey:
    """One line of the secret key, and the keys derived from it."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    @cached_property
    def id(self) -> str:
        return self.derive("key id").hex()[:8]

    @cached_property
    def cipher(self) -> AESGCM:
        return AESGCM(self.derive("sealing"))

    def derive(self, purpose: str) -> bytes:
        info = f"zondarr {purpose}".encode()
        return HKDF(SHA256(), length=32, salt=None, info=info).derive(self._secret)

    def sign(self, purpose: str, message: bytes) -> bytes:
        return hmac.digest(self.derive(purpose), message, "sha256")


class Keyring:
    """The secret keys, newest first: the first one seals, each of them opens.

    Another process may rotate the keys. So they are read again when a value names an
    unknown key, and before sealing if they were read too long ago: from `RELOAD_AFTER`
    seconds after a rotation on, nobody seals with an older key.

        read     returns the keys at the start
        reread   returns them later, if that differs; may raise `ConfigurationError`
    """

    def __init__(
        self,
        read: Callable[[], Sequence[str]],
        *,
        reread: Callable[[], Sequence[str]] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reread = reread or read
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at = clock()
        self._keys = _by_id(read())

    @property
    def newest(self) -> SecretKey:
        return next(iter(self._keys.values()))

    def reload(self) -> None:
        with self._lock:
            now = self._clock()
            self._keys = _by_id(self._reread())
            self._read_at = now

    def seal(self, text: str, /, *, place: str) -> str:
        self._keep_up()
        key, nonce = self.newest, secrets.token_bytes(_NONCE_BYTES)
        sealed = key.cipher.encrypt(nonce, text.encode(), place.encode())
        return _prefix(key.id) + _encode(nonce + sealed)

    def open(self, sealed: str, /, *, place: str) -> str:
        key, payload = self._split(sealed)
        nonce, ciphertext = payload[:_NONCE_BYTES], payload[_NONCE_BYTES:]
        try:
            return key.cipher.decrypt(nonce, ciphertext, place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealError("A stored secret cannot be read.") from error

    def is_current(self, sealed: str, /) -> bool:
        """Whether the newest key sealed the value; if not, it must be sealed again."""
        return sealed.startswith(self.current_prefix)

    @property
    def current_prefix(self) -> str:
        """The prefix of values that the newest key sealed."""
        return _prefix(self.newest.id)

    @property
    def prefixes(self) -> Sequence[str]:
        """The prefixes of values that any of the keys sealed."""
        return [_prefix(key_id) for key_id in self._keys]

    def sign(self, purpose: str, message: str, /) -> str:
        """A token that proves that we created the message; 256 bits, base64url."""
        return _encode(self.newest.sign(purpose, message.encode()))

    def verify(self, purpose: str, message: str, token: str, /) -> bool:
        signed = (key.sign(purpose, message.encode()) for key in self._keys.values())
        given = token.encode()
        return any(hmac.compare_digest(_encode(one).encode(), given) for one in signed)

    def _keep_up(self) -> None:
        if self._clock() - self._read_at >= RELOAD_AFTER.total_seconds():
            # A missing file does not mean a rotation: the known keys stay valid.
            with suppress(ConfigurationError):
                self.reload()

    def _split(self, sealed: str) -> tuple[SecretKey, bytes]:
        try:
            version, key_id, payload = sealed.split(".")
            decoded = _decode(payload)
        except ValueError as error:
            raise SealError("A stored secret cannot be read.") from error
        if key_id not in self._keys:
            with suppress(ConfigurationError):
                self.reload()
        key = self._keys.get(key_id)
        if version != _VERSION or key is None:
            raise SealError(f"A stored secret needs key {key_id}, which is not here.")
        return key, decoded


def _by_id(lines: Sequence[str]) -> dict[str, SecretKey]:
    return {key.id: key for key in map(SecretKey, lines)}


def _prefix(key_id: str) -> str:
    return f"{_VERSION}.{key_id}."


def key_id_of(sealed: str, /) -> str:
    """The id of the key that sealed the value, if it can be parsed."""
    return sealed.partition(".")[2].partition(".")[0] or "unknown"


def place_of(table: str, column: str, id: UUID) -> str:
    """Identifies the cell that a sealed value is stored in."""
    return f"{table}.{column}:{id}"


def new_token(prefix: str = "") -> str:
    """A random token of 256 bits, base64url."""
    return prefix + secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """The stored form of a random token: it can be looked up, but not used."""
    return hashlib.sha256(token.encode()).hexdigest()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
