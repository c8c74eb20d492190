"""What each account has seen of a server's titles, which is more than its history.

A play to the end counts as a view; so does a mark set by hand, which is in no history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice


@dataclass(frozen=True, slots=True)
class Play:
    """One entry of a media server's history."""

    machine_identifier: str
    account_id: int
    title_id: str
    at: datetime


@dataclass(slots=True)
class View:
    """Of one account and title. `offset`: where they stopped, in milliseconds."""

    count: int = 0
    last: datetime | None = None
    offset: int = 0

    def add(self, at: datetime) -> None:
        self.count += 1
        self.offset = 0
        self.last = max(self.last or at, at)


type Place = tuple[str, int]


@dataclass
class Views:
    """`plays` is the history of all servers; it only grows."""

    plays: Sequence[Play]
    revision: int = 0
    _counted: int = 0
    _views: dict[Place, dict[str, View]] = field(
        default_factory=dict[Place, dict[str, View]]
    )

    def of(self, machine_identifier: str, account_id: int) -> Mapping[str, View]:
        """By title."""
        self._count_plays()
        return self._views.get((machine_identifier, account_id), {})

    def mark(self, play: Play) -> None:
        """Marked as watched by hand."""
        self._count_plays()
        self._view(play).add(play.at)

    def unmark(self, machine_identifier: str, account_id: int, title_id: str) -> None:
        self._count_plays()
        seen = self._views.get((machine_identifier, account_id), {})
        if seen.pop(title_id, None) is not None:
            self.revision += 1

    def stop(self, play: Play, milliseconds: int) -> None:
        """Not at the end."""
        self._count_plays()
        view = self._view(play)
        view.offset = milliseconds
        view.last = max(view.last or play.at, play.at)

    def _view(self, play: Play) -> View:
        self.revision += 1
        place = (play.machine_identifier, play.account_id)
        return self._views.setdefault(place, {}).setdefault(play.title_id, View())

    def _count_plays(self) -> None:
        """Those that came since the last time."""
        for play in islice(self.plays, self._counted, None):
            self._view(play).add(play.at)
        self._counted = len(self.plays)
