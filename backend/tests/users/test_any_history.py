"""People over any history: clocks that jump, empty answers, servers that are replaced.

Whatever happened, once the servers answer truthfully nobody has access past its end,
nobody has lost access whom no rule ended without that being shown, and nobody is
forgotten who is still there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, count
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from media_server_simulators.faults import Fault, FaultKind
from media_server_simulators.jellyfin import JellyfinSimulator
from sqlalchemy import delete
from tests.users.accounts import account, is_let_in
from tests.users.cinema import Cinema
from tests.users.conftest import Invite

from zondarr.core.clock import utc_now
from zondarr.core.exceptions import ZondarrError
from zondarr.servers.models import MediaServer
from zondarr.users.actions import PeopleActions
from zondarr.users.expiry import AccessEnd
from zondarr.users.models import Identity, User
from zondarr.users.rules import ended_early

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PEOPLE = range(3)
OVER, AHEAD = -MINUTE, HOUR
numbers = count()

type Step = tuple[str, int]

who = st.sampled_from(PEOPLE)
ends = st.sampled_from([OVER, OVER, AHEAD])
jobs = st.tuples(st.just("job"), st.sampled_from([-2, 0, 0, 2]))
spoilt = st.one_of(
    st.tuples(
        st.sampled_from(["empty", "shrunken", "standby", "down", "heal"]), st.just(0)
    ),
    st.tuples(st.just("vanish"), who),
)
acts = st.one_of(
    jobs,
    jobs,
    st.tuples(st.just("sync"), st.just(0)),
    st.tuples(st.sampled_from(["delete", "disable", "enable", "extend"]), who),
)


def scene(first: Step, then: Sequence[Step], heals: bool) -> Sequence[Step]:
    return [first, *then, *[("heal", 0)] * heals]


scenes = st.builds(scene, spoilt, st.lists(acts, min_size=1, max_size=3), st.booleans())


@dataclass
class World:
    """Three people: one on Jellyfin and two on Plex."""

    actions: PeopleActions
    access_end: AccessEnd
    cinema: Cinema
    server: MediaServer
    simulator: JellyfinSimulator
    start: datetime
    suffix: int
    people: dict[int, Identity] = field(default_factory=dict)
    disabled: set[int] = field(default_factory=set)
    let_in: set[int] = field(default_factory=set)
    vanished: dict[str, Any] = field(default_factory=dict)
    hidden: list[tuple[int | None, Callable[[], None]]] = field(default_factory=list)

    def name(self, who: int) -> str:
        name = f"guest{self.suffix}x{who}"
        return name if who == 0 else f"{name}@example.org"

    def has_access(self, who: int) -> bool:
        if who == 0:
            there = account(self.simulator, self.name(0)) is not None
            return there and is_let_in(self.simulator, self.name(0))
        return self.cinema.has(self.name(who)) is not None

    async def row(self, who: int) -> User | None:
        async with self.actions.work(reading=True) as session:
            person = await session.get(Identity, self.people[who].id)
        if person is None:
            return None
        return next(iter((await self.actions.get(person.id)).users), None)

    async def act(self, what: str, about: int) -> None:
        match what:
            case "job":
                await self.access_end.end(self.start + about * HOUR)
            case "sync":
                await self.sync()
            case "delete":
                await self.delete(about)
            case "disable" | "enable":
                await self.switch(about, on=what == "enable")
            case "extend":
                await self.extend(about)
            case "vanish":
                self.vanish(about)
            case "heal":
                self.heal()
            case _:
                self.spoil(what)

    async def sync(self) -> None:
        for server in (self.server, self.cinema.server):
            try:
                await self.cinema.servers.sync(server.id)
            except ZondarrError:
                continue

    async def delete(self, who: int) -> None:
        if await self.row(who) is None:
            return
        try:
            await self.actions.delete(self.people[who].id)
        except ZondarrError:
            assert await self.row(who) is not None
        else:
            self.hidden = [one for one in self.hidden if one[0] != who]

    async def switch(self, who: int, *, on: bool) -> None:
        if await self.row(who) is not None:
            await self.actions.set_enabled(self.people[who].id, on)
            (self.let_in if on else self.disabled).add(who)
            (self.disabled if on else self.let_in).discard(who)

    async def extend(self, who: int) -> None:
        row = await self.row(who)
        if row is not None:
            async with self.actions.work() as session:
                changed = await session.merge(row)
                changed.expires_at = self.start + 5 * HOUR
                changed.access_ended_at = None
            if not row.enabled:
                self.disabled.add(who)  # another end lets nobody in

    def vanish(self, who: int, *, really: bool = True) -> None:
        """Not there for a while, with all that was set; whom a deletion finds gone
        does not come back, unless that was only another server's view."""
        whose = who if really else None
        if who == 0:
            users = self.simulator.state.users
            gone = account(self.simulator, self.name(0))
            if gone is not None:
                del users[gone.id]
                self.hidden.append((whose, lambda: users.update({gone.id: gone})))
            return
        shares = self.cinema.plex.world.shares
        for share in self.cinema.plex.shares_of(self.name(who)):
            del shares[share.id]
            self.hidden.append((who, partial(shares.update, {share.id: share})))

    def spoil(self, what: str) -> None:
        tv, jellyfin = self.cinema.plex.tv, self.simulator
        match what:
            case "empty":
                for path in ("/api/v2/shared_servers", "/api/users"):
                    tv.faults.add(Fault(path, FaultKind.EMPTY, endless=True))
                jellyfin.faults.add(Fault("/Users", FaultKind.EMPTY, endless=True))
            case "shrunken":
                for who in PEOPLE:
                    self.vanish(who)
            case "down":
                for one in (tv, jellyfin):
                    one.faults.add(Fault("/", FaultKind.DROP, endless=True))
            case _:
                self.stand_by()

    def stand_by(self) -> None:
        """Another Jellyfin answers, which knows none of our guests."""
        state = self.simulator.state
        own = state.world
        if own.server_id == "0" * 32:
            return
        self.vanish(0, really=False)
        state.world = replace(own, server_id="0" * 32)

        def restore() -> None:
            state.world = own

        self.hidden.append((None, restore))

    def heal(self) -> None:
        for simulator in (self.cinema.plex.tv, self.simulator):
            simulator.faults.remove()
        for _, restore in self.hidden:
            restore()
        self.hidden.clear()


async def populate(world: World, invite: Invite, after: Sequence[timedelta]) -> None:
    async with world.actions.work() as session:
        await session.execute(delete(Identity))
    world.heal()
    world.cinema.plex.world.shares.clear()
    for who in (1, 2):
        world.cinema.plex.guest(f"Guest {world.suffix} {who}", world.name(who))
    ends = [world.start + one for one in after]
    world.people[0] = await invite(world.name(0), [world.server], ends[0])
    for who in (1, 2):
        made = await world.cinema.invite(world.name(who), expires_at=ends[who])
        world.people[who] = made


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    after=st.tuples(ends, ends, ends),
    history=st.lists(scenes, min_size=1, max_size=2),
)
@example(after=(OVER,) * 3, history=[[("vanish", 0), ("job", 0), ("sync", 0)]])
@example(after=(OVER,) * 3, history=[[("empty", 0), ("job", 0), ("sync", 0)]])
@example(after=(OVER,) * 3, history=[[("standby", 0), ("job", 0), ("delete", 0)]])
@example(after=(AHEAD,) * 3, history=[[("shrunken", 0), ("job", 2), ("job", -2)]])
async def test_of_any_history_access_is_as_the_rows_say_and_the_rows_as_was_meant(  # noqa: PLR0913, PLR0917
    access_end: AccessEnd,
    actions: PeopleActions,
    invite: Invite,
    cinema: Cinema,
    server: MediaServer,
    simulator: JellyfinSimulator,
    after: Sequence[timedelta],
    history: Sequence[Sequence[Step]],
) -> None:
    world = World(
        actions, access_end, cinema, server, simulator, utc_now(), next(numbers)
    )
    await populate(world, invite, after)
    for what, about in chain.from_iterable(history):
        await world.act(what, about)
    world.heal()
    now = world.start
    for moment in (now, now + MINUTE):
        await world.sync()
        await access_end.end(moment)
    for who in PEOPLE:
        row = await world.row(who)
        if row is None:
            assert not world.has_access(who), "forgotten, and still there"
            continue
        assert row.missing_since is None or not world.has_access(who)
        over = row.expires_at is not None and row.expires_at <= now
        if over and who not in world.let_in:
            assert not world.has_access(who), "has access past the end"
        if not over and who not in world.disabled and row.missing_since is None:
            early = ended_early(
                enabled=row.enabled,
                access_ended_at=row.access_ended_at,
                expires_at=row.expires_at,
                now=now,
            )
            assert world.has_access(who) is not early, (
                "lost access, and it is not reported"
            )
