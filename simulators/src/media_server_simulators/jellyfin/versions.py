"""What differs between the Jellyfin versions that are simulated.

Evidence: docs/simulators.md; each flag was seen on a running server or read in source.
"""

from enum import StrEnum


class Version(StrEnum):
    V10_10 = "10.10.7"
    V10_11 = "10.11.11"
    V12_0 = "12.0.0"

    @property
    def _rank(self) -> int:
        return list(Version).index(self)

    @property
    def since_10_11(self) -> bool:
        return self._rank >= 1

    @property
    def since_12(self) -> bool:
        return self is Version.V12_0

    @property
    def legacy_by_default(self) -> bool:
        """Old token headers and `?api_key=` are accepted as the server comes."""
        return not self.since_12

    @property
    def lockout_is_stored(self) -> bool:
        """10.11 sets IsDisabled on an entity that it never saves."""
        return self is not Version.V10_11

    @property
    def tells_language(self) -> bool:
        """Whether answers carry Content-Language."""
        return self.since_12
