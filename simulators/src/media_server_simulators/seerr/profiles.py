"""The three products that share one interface, and how they differ."""

from enum import StrEnum

COMMON_FILTERS = (
    "all",
    "approved",
    "available",
    "pending",
    "processing",
    "unavailable",
    "failed",
)


class Profile(StrEnum):
    SEERR = "seerr"
    JELLYSEERR = "jellyseerr"
    OVERSEERR = "overseerr"

    @property
    def product_name(self) -> str:
        return self.value.capitalize()

    @property
    def version(self) -> str:
        return {"seerr": "3.1.0", "jellyseerr": "2.7.3", "overseerr": "1.34.0"}[self]

    @property
    def knows_jellyfin(self) -> bool:
        return self is not Profile.OVERSEERR

    @property
    def has_blocklist(self) -> bool:
        return self is not Profile.OVERSEERR

    @property
    def completes_requests(self) -> bool:
        """Whether a request has the states *failed* and *completed*."""
        return self is not Profile.OVERSEERR

    @property
    def stamps_updates(self) -> bool:
        """Whether `updatedAt` moves when a row changes.

        It never did in the recordings of Seerr; of the other two it is unverified.
        """
        return self is not Profile.SEERR

    @property
    def request_filters(self) -> tuple[str, ...]:
        if self is Profile.OVERSEERR:
            return COMMON_FILTERS
        return (*COMMON_FILTERS, "deleted", "completed")

    @property
    def blocklist_word(self) -> str:
        """Seerr renamed it, and still answers the old path."""
        return "blocklist" if self is Profile.SEERR else "blacklist"
