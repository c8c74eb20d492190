"""The clock, compared with those of the database server and of the media servers.

Access ends by our clock, so it has to be right; sign-in and TLS depend on it too.
"""

import asyncio
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx2
from msgspec import Struct

from zondarr.config import Settings
from zondarr.container import Container
from zondarr.core.clock import utc_now
from zondarr.core.http import outgoing_client
from zondarr.doctor.finding import Finding
from zondarr.doctor.storage import clock_offset
from zondarr.servers.models import MediaServer
from zondarr.servers.repository import MediaServerRepository

ABOUT = "clock"
TOLERATED = timedelta(minutes=2)
TIMEOUT = 10.0
"""Seconds for one server."""


class Other(Struct, frozen=True):
    """Another clock, and how far it is ahead of ours."""

    name: str
    ahead: timedelta


async def check(container: Container) -> list[Finding]:
    others = await _others(container)
    if not others:
        advice = "Compare it by hand: `date -u`."
        return [Finding.note(ABOUT, "There is no other clock to compare with.", advice)]
    wrong = [each for each in others if abs(each.ahead) > TOLERATED]
    if not wrong:
        return [Finding.ok(ABOUT, f"It agrees with {_names(others)}.")]
    if len(wrong) * 2 > len(others):
        first = wrong[0]
        return [
            Finding.trouble(
                ABOUT,
                f"This machine's clock is {_words(-first.ahead)} of {_names(wrong)}.",
                "Let it follow a time server (for example systemd-timesyncd): access"
                " ends by this clock.",
            )
        ]
    return [
        Finding.note(
            ABOUT,
            f"The clock of {each.name} is {_words(each.ahead)} of this machine's.",
            "Let it follow a time server: dates of what was watched come from there.",
        )
        for each in wrong
    ]


async def _others(container: Container) -> list[Other]:
    async with container.database.unscoped("command line", reading=True) as session:
        servers = await MediaServerRepository(session).get_enabled(None)
    asked = [_ask(server, container.settings) for server in servers]
    found = [each for each in await asyncio.gather(*asked) if each is not None]
    ahead = await clock_offset(container)
    return found if ahead is None else [Other("the database server", ahead), *found]


async def _ask(server: MediaServer, settings: Settings) -> Other | None:
    """The date that the server puts on any response, without its key."""
    client = outgoing_client(
        allow_private=settings.allow_private_urls, ca_file=settings.ca_file
    )
    try:
        async with client:
            began = utc_now()
            response = await client.get(f"{server.url}/", timeout=TIMEOUT)
            middle = began + (utc_now() - began) / 2
        date = parsedate_to_datetime(response.headers["Date"])
    except httpx2.HTTPError, KeyError, ValueError, OSError:
        return None
    return Other(server.name, _aware(date) - middle)


def _aware(date: datetime) -> datetime:
    return date if date.tzinfo else date.replace(tzinfo=utc_now().tzinfo)


def _words(ahead: timedelta) -> str:
    minutes = round(abs(ahead) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    length = f"{hours} h {rest} min" if hours else f"{minutes} min"
    return f"{length} {'ahead' if ahead > timedelta() else 'behind that'}"


def _names(others: list[Other]) -> str:
    *most, last = [each.name for each in others]
    return f"{', '.join(most)} and {last}" if most else last
