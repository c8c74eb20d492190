"""Set-up, sign-in and the account's own settings over HTTP."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT

from zondarr.accounts.guards import PUBLIC, VIEWERS_TOO, signed_in
from zondarr.accounts.schemas import (
    ActiveSession,
    ActiveSessionPage,
    PasswordChange,
    SessionResponse,
    SetupRequest,
    SetupState,
    SignInRequest,
)
from zondarr.accounts.service import AccountService, SignedIn
from zondarr.accounts.sessions import COOKIE, LONGEST, Principal, Visitor
from zondarr.accounts.setup import SetUp
from zondarr.core.repository import PageRequest

AnyRequest = Request[Any, Any, Any]


class SetupController(Controller):
    path = "/api/v1/setup"
    tags = ["Set-up"]
    opt = PUBLIC

    @get(operation_id="getSetupState")
    async def state(self, set_up: NamedDependency[SetUp]) -> SetupState:
        """Whether the installation still waits for its owner."""
        return SetupState(needed=await set_up.is_needed())

    @post(operation_id="setUp")
    async def complete(
        self,
        data: JSONBody[SetupRequest],
        set_up: NamedDependency[SetUp],
        request: AnyRequest,
    ) -> Response[SessionResponse]:
        """Create the first workspace and its owner, and sign in."""
        return _answer(request, await set_up.complete(data, _visitor(request)))


class SessionController(Controller):
    path = "/api/v1/session"
    tags = ["Sign-in"]

    @post(operation_id="signIn", opt=PUBLIC)
    async def sign_in(
        self,
        data: JSONBody[SignInRequest],
        accounts: NamedDependency[AccountService],
        request: AnyRequest,
    ) -> Response[SessionResponse]:
        """Sign in. The browser's earlier session ends."""
        signed_in = await accounts.sign_in(
            data.email,
            data.password,
            _visitor(request),
            instead_of=request.cookies.get(COOKIE),
        )
        return _answer(request, signed_in)

    @get(operation_id="getSession", guards=[signed_in])
    async def who_am_i(
        self,
        accounts: NamedDependency[AccountService],
        principal: NamedDependency[Principal],
    ) -> SessionResponse:
        """The account that is signed in."""
        account, workspace = await accounts.who_is(principal)
        return SessionResponse.of(account, workspace, principal.csrf_token)

    @delete(operation_id="signOut", guards=[signed_in], opt=VIEWERS_TOO)
    async def sign_out(
        self,
        accounts: NamedDependency[AccountService],
        principal: NamedDependency[Principal],
        request: AnyRequest,
    ) -> Response[None]:
        """End this session."""
        await accounts.sign_out(principal)
        return Response(
            None, status_code=HTTP_204_NO_CONTENT, cookies=[_cookie(request, "", 0)]
        )


class SessionListController(Controller):
    path = "/api/v1/sessions"
    tags = ["Account"]
    guards = [signed_in]

    @get(operation_id="listSessions")
    async def list_all(
        self,
        accounts: NamedDependency[AccountService],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> ActiveSessionPage:
        """The browsers in which the account is signed in."""
        found = await accounts.list_sessions(principal, page)
        body = partial(ActiveSession.of, current_id=principal.session_id)
        return ActiveSessionPage.of(found, body)

    @delete("/{id:uuid}", operation_id="endSession", opt=VIEWERS_TOO)
    async def end(
        self,
        id: FromPath[UUID],
        accounts: NamedDependency[AccountService],
        principal: NamedDependency[Principal],
    ) -> None:
        """Sign that browser out."""
        await accounts.end_session(principal, id)


class AccountController(Controller):
    path = "/api/v1/account"
    tags = ["Account"]
    guards = [signed_in]

    @post(
        "/password",
        operation_id="changePassword",
        opt=VIEWERS_TOO,
        status_code=HTTP_200_OK,
    )
    async def change_password(
        self,
        data: JSONBody[PasswordChange],
        accounts: NamedDependency[AccountService],
        principal: NamedDependency[Principal],
    ) -> SessionResponse:
        """Change the password; every other session of the account ends."""
        await accounts.change_password(
            principal, data.current_password, data.new_password
        )
        account, workspace = await accounts.who_is(principal)
        return SessionResponse.of(account, workspace, principal.csrf_token)


def _visitor(request: AnyRequest) -> Visitor:
    address = request.client.host if request.client else "unknown"
    return Visitor(address[:50], request.headers.get("User-Agent"))


def _answer(request: AnyRequest, signed_in: SignedIn) -> Response[SessionResponse]:
    body = SessionResponse.of(
        signed_in.account, signed_in.workspace, signed_in.csrf_token
    )
    seconds = int(LONGEST.total_seconds())
    cookie = _cookie(request, signed_in.token, seconds)
    return Response(body, status_code=HTTP_201_CREATED, cookies=[cookie])


def _cookie(request: AnyRequest, token: str, seconds: int) -> Cookie:
    return Cookie(
        COOKIE,
        value=token,
        max_age=seconds,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
