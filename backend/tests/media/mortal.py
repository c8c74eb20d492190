"""A process that dies at a request of its choice."""

from dataclasses import dataclass
from typing import override

import httpx2

TRUST = httpx2.create_ssl_context()


class Killed(BaseException):
    """The process is gone; no clean-up of ours runs after this."""


@dataclass
class Death:
    """When the process dies: at which of its requests, before or after the answer."""

    at: int = 0
    answered: bool = False
    sent: int = 0


class Mortal(httpx2.AsyncBaseTransport):
    def __init__(self, death: Death) -> None:
        self.death = death
        self.inner = httpx2.AsyncHTTPTransport(verify=TRUST)

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.death.sent += 1
        dies = self.death.sent == self.death.at
        if dies and not self.death.answered:
            raise Killed
        response = await self.inner.handle_async_request(request)
        if dies:
            await response.aread()
            await response.aclose()
            raise Killed
        return response

    @override
    async def aclose(self) -> None:
        await self.inner.aclose()
