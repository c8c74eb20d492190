"""What a simulated Jellyfin can undergo without a request of its API."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import replace

from media_server_simulators.changes import (
    LibraryChange,
    Playback,
    Replacement,
    ServerChanges,
)
from media_server_simulators.clock import Clock
from media_server_simulators.jellyfin.activity import note
from media_server_simulators.jellyfin.installation import Installation, install
from media_server_simulators.jellyfin.items.catalogue import descendants
from media_server_simulators.jellyfin.items.user_data import publish_watched, watch_of
from media_server_simulators.jellyfin.libraries.library_moves import (
    OF_OLD_FILE,
    change_library,
    ids_of,
    keep_watched,
    library_id,
    take_titles,
    title_has_provider,
)
from media_server_simulators.jellyfin.playback.playback_reports import SECOND, move
from media_server_simulators.jellyfin.state import State, User
from media_server_simulators.jellyfin.users.users import named
from media_server_simulators.jellyfin.values import (
    hashed_guid,
    new_guid,
    parse_guid,
    text,
    texts,
)
from media_server_simulators.orders import OrderError
from media_server_simulators.world import Library, MediaFile, Title, World, guid_of


class JellyfinChanges(ServerChanges):
    def __init__(self, installations: list[Installation]) -> None:
        self._installations = installations

    @property
    def state(self) -> State:
        return self._installations[-1].state

    @property
    def world(self) -> World:
        return self.state.world

    @property
    def clock(self) -> Clock:
        return self.state.now

    def use_clock(self, clock: Clock) -> None:
        self.state.now = clock

    def identity(self) -> str:
        return self.state.server_id

    def title(self, named: str) -> Title | None:
        return self.world.by_id.get(parse_guid(named) or named)

    def api_id(self, title: Title) -> str:
        return title.id

    def is_present(self, title: Title) -> bool:
        return title.id not in self.state.deleted

    def libraries(self) -> Iterator[tuple[str, Library]]:
        known = {each.id: each for each in self.world.libraries}
        for folder in self.state.folders:
            own, name = text(folder, "ItemId"), text(folder, "Name")
            paths = tuple(texts(folder, "Locations"))
            kind = text(folder, "CollectionType")
            yield own, known.get(own) or Library(own, name, kind, paths)

    def put(self, titles: Iterable[Title]) -> None:
        rows = list(titles)
        state = self.state
        state.world = state.world.with_titles(rows)
        state.deleted -= {each for title in rows for each in ids_of(title)}
        state.revision += 1

    def take_away(self, title: Title) -> None:
        inside = descendants(self.state, title.id)
        self.state.deleted |= {i for each in (title, *inside) for i in ids_of(each)}
        self.state.revision += 1

    def take_library_away(self, library: Library) -> None:
        """Before 12.0 its view stays until a restart [10.11.11.md]."""
        state = self.state
        state.folders = [e for e in state.folders if text(e, "ItemId") != library.id]
        if state.version.since_12:
            state.views = [e for e in state.views if text(e, "Id") != library.id]
        else:
            state.stale_views.add(library.id)
        take_titles(state, library.id)

    def change_library(self, change: LibraryChange) -> Library:
        """A library's id is made of its name."""
        old = change.library
        own = old.id if change.name == old.name else library_id(change.name)
        new = Library(own, change.name, old.kind, change.folders)
        change_library(self.state, old, new)
        return new

    def replace_file(self, title: Title, file: MediaFile) -> Title:
        """An item's id is made of its path, so a file of another name is another item.

        What people did with it is kept under a provider's id, and found again by that.
        """
        recorded = {k: v for k, v in title.recorded.items() if k not in OF_OLD_FILE}
        now = self.state.now()
        if file.path == title.files[0].path:
            changed = replace(title, recorded=recorded, saved=now)
            changed = replace(changed, files=(file, *title.files[1:]))
            self.put([changed])
            return changed
        own = guid_of(file.path)
        files = (replace(file, id=own), *title.files[1:])
        changed = replace(title, id=own, path=file.path, files=files, recorded=recorded)
        changed = replace(changed, added=now, saved=now)
        self.take_away(title)
        self.put([changed])
        if title_has_provider(self.state, title):
            keep_watched(self.state, title.id, changed.id)
        return changed

    def play(self, playback: Playback) -> None:
        state, title = self.state, playback.title
        user = self._user(playback.user)
        watch = watch_of(state, user, title)
        watch.count += 1
        watch.last_played = playback.at
        _log(state, user, playback)
        if playback.finished:
            watch.played, watch.position = True, 0
        else:
            ticks = int((playback.position or 0) * SECOND)
            move(state, watch, title, {"PositionTicks": ticks})
        state.revision += 1
        publish_watched(state, user, title)

    def _user(self, who: str) -> User:
        found = self.state.users.get(parse_guid(who) or who) or named(self.state, who)
        if found is None:
            raise OrderError(f"no user is called {who}", 404)
        return found

    def replace_server(self, replacement: Replacement) -> None:
        """Item ids are made of paths, so the new server has those of the old one."""
        old = self._installations[-1]
        world = old.state.world
        if replacement.empty:
            world = world.emptied()
        server_id = replacement.server_id or new_guid()
        admin = world.administrator
        if not replacement.keep_people:
            admin = replace(admin, id=hashed_guid(f"{server_id}{admin.id}"))
        made = replace(world, server_id=server_id, administrator=admin, people=())
        key = old.api_key if replacement.keep_keys else None
        state = old.state
        new = install(made, state.version, state.base_path, api_key=key)
        new.state.now = state.now
        new.state.deleted = set(state.deleted)
        if replacement.keep_people:
            _copy_people(state, new.state, replacement.without)
        if replacement.keep_keys:
            new.state.api_keys |= state.api_keys
        self._installations.append(new)

    def restore_server(self) -> bool:
        if len(self._installations) == 1:
            return False
        _ = self._installations.pop()
        return True


def _log(state: State, user: User, playback: Playback) -> None:
    """As if it had been reported while it was played."""
    name, at = playback.title.name, playback.at
    for kind, verb in (
        ("VideoPlayback", "is playing"),
        ("VideoPlaybackStopped", "has finished playing"),
    ):
        sentence = f"{user.name} {verb} {name} on Simulator"
        note(state, kind, sentence, user_id=user.id, item_id=playback.title.id, at=at)


def _copy_people(old: State, new: State, without: tuple[str, ...]) -> None:
    left_out = {each.casefold() for each in without}
    new.users = {
        user.id: deepcopy(user)
        for user in old.users.values()
        if user.name.casefold() not in left_out
    }
    new.devices = {k: v for k, v in old.devices.items() if v.user_id in new.users}
    new.watched = {
        key: replace(watch) for key, watch in old.watched.items() if key[0] in new.users
    }
