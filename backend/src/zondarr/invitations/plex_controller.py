"""A guest's sign-in with Plex, without an account.

A cookie identifies the browser that started a sign-in; without it, its state is not
shown.
"""

import re
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_201_CREATED
from msgspec import Meta

from zondarr.accounts.guards import PUBLIC
from zondarr.core.crypto import new_token
from zondarr.core.schemas import END, RequestBody
from zondarr.invitations.links import Links
from zondarr.plex_accounts.schemas import PlexPinResponse, PlexPinState
from zondarr.plex_accounts.service import PlexSignInService, browser_holder

AnyRequest = Request[Any, Any, Any]

COOKIE = "zondarr_plex"
PATH = "/api/v1/join"
REMEMBERED_FOR = timedelta(days=1)
Code = Annotated[str, Meta(max_length=32, pattern=rf"^[A-Za-z0-9-]{{6,32}}{END}")]
FORM = re.compile(r"[\w-]{43}", re.ASCII)


class GuestPinRequest(RequestBody, kw_only=True, frozen=True):  # pyright: ignore[reportGeneralTypeIssues]
    """`code` is the invitation whose page Plex redirects the browser to."""

    code: Code | None = None


NO_BODY = GuestPinRequest()


class GuestPlexController(Controller):
    path = f"{PATH}/plex/oauth/pin"
    tags = ["Join"]
    opt = PUBLIC

    @post(operation_id="beginGuestPlexSignIn")
    async def create_pin(
        self,
        plex_sign_ins: NamedDependency[PlexSignInService],
        links: NamedDependency[Links],
        request: AnyRequest,
        data: JSONBody[GuestPinRequest] = NO_BODY,
    ) -> Response[PlexPinResponse]:
        """Start a sign-in with Plex: a PIN to approve on Plex's own page."""
        cookie = _cookie_of(request) or new_token()
        pin = await plex_sign_ins.create_pin(
            browser_holder(cookie),
            forward_url=links.join(data.code) if data.code else None,
            address=request.client.host if request.client else "",
        )
        return Response(
            pin,
            status_code=HTTP_201_CREATED,
            cookies=[
                Cookie(
                    COOKIE,
                    value=cookie,
                    path=PATH,
                    max_age=int(REMEMBERED_FOR.total_seconds()),
                    secure=request.url.scheme == "https",
                    httponly=True,
                    samesite="lax",
                )
            ],
        )

    @get("/{pin_id:uuid}", operation_id="getGuestPlexSignIn")
    async def check(
        self,
        pin_id: FromPath[UUID],
        plex_sign_ins: NamedDependency[PlexSignInService],
        request: AnyRequest,
    ) -> PlexPinState:
        """Whether the PIN was approved, and by whom; only for the browser that started
        it.
        """
        return await plex_sign_ins.check(pin_id, holder_of(request))


def holder_of(request: AnyRequest) -> str:
    """The requesting browser, as a holder of sign-ins with Plex."""
    return browser_holder(_cookie_of(request))


def _cookie_of(request: AnyRequest) -> str:
    cookie = request.cookies.get(COOKIE, "")
    return cookie if FORM.fullmatch(cookie) else ""
