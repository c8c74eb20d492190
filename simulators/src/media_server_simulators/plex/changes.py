"""What a simulated Plex Media Server can undergo without a request of its API."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from media_server_simulators.changes import (
    LibraryChange,
    Playback,
    Replacement,
    ServerChanges,
)
from media_server_simulators.clock import Clock
from media_server_simulators.orders import OrderError
from media_server_simulators.plex.hosting import Hosting
from media_server_simulators.plex.state import (
    SECTION_TYPES,
    PlexWorld,
    Section,
    sections_of,
)
from media_server_simulators.plex.views import Play
from media_server_simulators.world import Library, MediaFile, Title, World, guid_of

OWNER = 1
"""The number under which a media server knows who owns it."""
PLAYED = 0.9
"""The share of a title after which it counts as watched."""
TICKS_PER_SECOND = 10_000_000


class PlexChanges(ServerChanges):
    def __init__(self, plex: PlexWorld, hosted: list[Hosting]) -> None:
        self._plex = plex
        self._hosted = hosted

    @property
    def _here(self) -> Hosting:
        return self._hosted[-1]

    @property
    def world(self) -> World:
        return self._here.server.world

    @property
    def clock(self) -> Clock:
        return self._plex.now

    def use_clock(self, clock: Clock) -> None:
        """plex.tv and all media servers of a world have one clock."""
        self._plex.now = clock

    def identity(self) -> str:
        return self._here.server.machine_identifier

    def title(self, named: str) -> Title | None:
        return self._here.catalogue.known(named)

    def api_id(self, title: Title) -> str:
        return str(self._here.catalogue.numbers[title.id])

    def is_present(self, title: Title) -> bool:
        return self._here.catalogue.is_present(title)

    def libraries(self) -> Iterator[tuple[str, Library]]:
        for section in self._here.server.sections:
            yield section.key, section.library

    def put(self, titles: Iterable[Title]) -> None:
        self._here.catalogue.put(titles)

    def take_away(self, title: Title) -> None:
        self._here.catalogue.delete(title)

    def take_library_away(self, library: Library) -> None:
        """plex.tv shares it with nobody any more, since the server has it no longer."""
        server = self._here.server
        gone = {e.id for e in server.sections if e.library.id == library.id}
        server.sections = tuple(e for e in server.sections if e.id not in gone)
        for share in self._plex.shares.values():
            share.section_ids = [each for each in share.section_ids if each not in gone]
        for title in self.world.titles:
            if title.library_id == library.id:
                self.take_away(title)

    def change_library(self, change: LibraryChange) -> Library:
        """It keeps its number and its titles theirs, unless it is made again."""
        server, old = self._here.server, change.library
        new = replace(old, name=change.name, folders=change.folders)
        if change.again:
            new = replace(new, id=guid_of(f"{old.id}/{len(server.sections)}"))
            server.sections = (*server.sections, self._new_section(new))
        else:
            server.sections = tuple(
                replace(each, title=new.name, library=new)
                if each.library.id == old.id
                else each
                for each in server.sections
            )
        libraries = [each for each in self.world.libraries if each.id != old.id]
        server.world = replace(self.world, libraries=(*libraries, new))
        self.put(self._moved(old, new, again=change.again))
        return new

    def _new_section(self, library: Library) -> Section:
        """Under the next number."""
        known = sections_of(self.world)
        highest = max((*self._here.server.sections, *known), key=lambda e: int(e.key))
        return replace(
            highest,
            id=highest.id + 7,
            key=str(int(highest.key) + 1),
            title=library.name,
            type=SECTION_TYPES.get(library.kind, "movie"),
            library=library,
        )

    def _moved(self, old: Library, new: Library, *, again: bool) -> Iterator[Title]:
        """Its titles in their new place; of one that is made again they are new."""
        roots = (old.folders[:1] or ("",))[0], (new.folders[:1] or ("",))[0]

        def moved(path: str) -> str:
            return roots[1] + path.removeprefix(roots[0])

        def own(id: str | None) -> str | None:
            return guid_of(f"{id}/{new.id}") if id and again else id

        for title in list(self.world.titles):
            if title.library_id != old.id:
                continue
            files = (replace(e, path=moved(e.path)) for e in title.files)
            yield replace(
                title,
                id=own(title.id) or title.id,
                library_id=new.id,
                path=moved(title.path),
                series_id=own(title.series_id),
                season_id=own(title.season_id),
                files=tuple(files),
            )

    def replace_file(self, title: Title, file: MediaFile) -> Title:
        """A title keeps its number whatever its file is called."""
        fresh = replace(file, id=guid_of(f"{file.path}{file.size}"))
        files = (fresh, *title.files[1:])
        changed = replace(title, path=file.path, files=files, saved=self._plex.now())
        self.put([changed])
        return changed

    def play(self, playback: Playback) -> None:
        """The history has what was watched to nine tenths; less is an offset."""
        owner = self._here.server.owner_id
        who = str(owner) if playback.user == str(OWNER) else playback.user
        account = self._plex.find(who)
        if account is None:
            raise OrderError(f"nobody is called {playback.user}", 404)
        mid, title = self.identity(), playback.title
        play = Play(mid, account.id, title.id, playback.at)
        seconds = title.files[0].ticks / TICKS_PER_SECOND
        position = playback.position or 0.0
        if playback.finished or position >= PLAYED * seconds:
            self._plex.plays.append(play)
        elif position > 0:
            self._plex.views.stop(play, int(position * 1000))

    def replace_server(self, replacement: Replacement) -> None:
        """Another server of the same owner, at the same address.

        People and what is shared with them are plex.tv's, and hang on a server's
        identity: the new one is shared with nobody.
        """
        if replacement.keep_people or replacement.without or not replacement.keep_keys:
            raise OrderError(
                "people and tokens are plex.tv's: change them there, "
                "or let its lists leave somebody out with the fault `shrunken`"
            )
        old = self._here.server
        wanted = replacement.server_id or guid_of(f"{old.machine_identifier}/replaced")
        if wanted in self._plex.servers:
            raise OrderError(f"there is a server {wanted} already")
        world = self.world.emptied() if replacement.empty else self.world
        world = replace(world, server_id=wanted)
        owner = self._plex.accounts[old.owner_id]
        new = self._plex.add_server(world, owner, machine_identifier=wanted)
        new.url = old.url
        self._hosted.append(Hosting.of(self._plex, new))

    def restore_server(self) -> bool:
        if len(self._hosted) == 1:
            return False
        _ = self._hosted.pop()
        return True
