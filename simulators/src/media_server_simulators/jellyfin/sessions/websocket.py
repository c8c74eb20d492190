"""The websocket: messages that are always sent, and those subscribed to."""

import asyncio
import json
from contextlib import suppress

from media_server_simulators.jellyfin.http.authorization import Caller
from media_server_simulators.jellyfin.http.errors import exception_error
from media_server_simulators.jellyfin.items.catalogue import find, folders
from media_server_simulators.jellyfin.items.user_data import shown as user_data_shown
from media_server_simulators.jellyfin.sessions.session_shape import (
    shown as session_shown,
)
from media_server_simulators.jellyfin.sessions.session_store import of_caller
from media_server_simulators.jellyfin.state import (
    Event,
    EventKind,
    Session,
    State,
    User,
)
from media_server_simulators.jellyfin.users.user_shape import shown as user_shown
from media_server_simulators.jellyfin.values import NOBODY, new_guid
from media_server_simulators.wire import Json, JsonObject, Reply, Request, Socket
from media_server_simulators.world import Title

KEEP_ALIVE = 60  # seconds
BATCH = 0.5  # seconds during which changes of user data are gathered


def upgrade(state: State, request: Request, caller: Caller) -> Reply:
    """Raises 403 for a token that is none of ours; the path does not matter."""
    if not caller.is_someone:
        raise exception_error(403)
    session = of_caller(state, caller, request.client) if caller.user else None
    return Reply(101, talk=Conversation(state, caller, session).run)


class Conversation:
    """One open websocket, bound to the session of a user; that of a key is not."""

    def __init__(self, state: State, caller: Caller, session: Session | None) -> None:
        self._state, self._caller, self._session = state, caller, session
        self._outgoing: asyncio.Queue[JsonObject | None] = asyncio.Queue()
        self._asked: set[str] = set()
        self._changed: dict[str, Title] = {}
        self._waiting: asyncio.TimerHandle | None = None

    async def run(self, socket: Socket) -> None:
        self._state.listeners.append(self.hear)
        if self._session is not None:
            self._say("ForceKeepAlive", KEEP_ALIVE, own=False)
            self._session.sockets += 1
        reading = asyncio.create_task(self._read(socket))
        try:
            while (message := await self._outgoing.get()) is not None:
                await socket.send(json.dumps(message, ensure_ascii=False))
        except ConnectionError:
            pass
        finally:
            self._close()
            _ = reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    def _close(self) -> None:
        self._state.listeners.remove(self.hear)
        if self._waiting is not None:
            self._waiting.cancel()
        if self._session is not None:
            self._session.sockets -= 1

    async def _read(self, socket: Socket) -> None:
        async for text in socket.receive():
            with suppress(ValueError):
                self._take(json.loads(text))
        self._outgoing.put_nowait(None)

    def _take(self, message: Json) -> None:
        kind = message.get("MessageType") if isinstance(message, dict) else None
        if kind == "KeepAlive":
            self._outgoing.put_nowait({"MessageType": "KeepAlive", "MessageId": NOBODY})
        if not self._caller.is_admin or not isinstance(kind, str):
            return
        if kind.endswith("Start"):
            self._asked.add(kind.removesuffix("Start"))
        elif kind.endswith("Stop"):
            self._asked.discard(kind.removesuffix("Stop"))

    def _say(self, kind: str, data: Json, *, own: bool) -> None:
        """A message to a session has an id; one to a connection has the empty one."""
        id_ = new_guid() if own else NOBODY
        result: JsonObject = {"MessageType": kind, "MessageId": id_, "Data": data}
        self._outgoing.put_nowait(result)

    def hear(self, event: Event) -> None:
        match event.kind:
            case EventKind.LOGGED if "ActivityLogEntry" in self._asked:
                self._say("ActivityLogEntry", [], own=False)
            case EventKind.SESSION_CHANGED | EventKind.SESSION_ACTIVE:
                self._tell_sessions()
            case _ if self._session is not None:
                self._hear_own(event, self._session)
            case _:
                pass

    def _tell_sessions(self) -> None:
        if "Sessions" in self._asked:
            live = sorted(
                self._state.sessions.values(),
                key=lambda s: s.last_activity,
                reverse=True,
            )
            self._say(
                "Sessions", [session_shown(self._state, s) for s in live], own=False
            )

    def _hear_own(self, event: Event, session: Session) -> None:
        """What is for the user or the session that this socket belongs to."""
        mine = event.session_key == session.key
        user = self._state.users.get(session.user_id)
        match event.kind:
            case EventKind.SESSION_ENDED if mine:
                self._outgoing.put_nowait(None)
            case EventKind.COMMANDED if mine:
                self._say(event.message, event.data, own=True)
            case EventKind.RENAMED if user is not None and user.id == event.user_id:
                self._say("UserUpdated", user_shown(self._state, user), own=True)
            case EventKind.WATCHED if user is not None and user.id == event.user_id:
                self._gather(user, event.item_id)
            case _:
                pass

    def _gather(self, user: User, item_id: str) -> None:
        """The item and its parents, sent half a second after the first change."""
        title = find(self._state, item_id)
        if title is None:
            return
        self._changed[title.id] = title
        holder = self._holder(title)
        if holder is not None:
            self._changed[holder.id] = holder
        if self._waiting is None:
            loop = asyncio.get_running_loop()
            self._waiting = loop.call_later(BATCH, self._tell_changed, user)

    def _holder(self, title: Title) -> Title | None:
        above = title.season_id or title.series_id
        if above is not None:
            return find(self._state, above)
        rows = folders(self._state)
        return next((row for row in rows if row.library_id == title.library_id), None)

    def _tell_changed(self, user: User) -> None:
        changed, self._changed, self._waiting = list(self._changed.values()), {}, None
        result: list[Json] = [
            user_data_shown(self._state, user, title, fresh=True) for title in changed
        ]
        self._say(
            "UserDataChanged", {"UserId": user.id, "UserDataList": result}, own=True
        )
