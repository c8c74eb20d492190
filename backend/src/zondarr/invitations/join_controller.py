"""The join page over HTTP, without an account."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from zondarr.accounts.guards import PUBLIC
from zondarr.invitations.join import JoinService
from zondarr.invitations.join_schemas import (
    JoinAccepted,
    JoinPage,
    JoinProgress,
    JoinRequest,
)
from zondarr.invitations.plex_controller import holder_of

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(name="Idempotency-Key", min_length=1, max_length=200),
]
Authorization = Annotated[str | None, HeaderParameter(name="Authorization")]


AnyRequest = Request[Any, Any, Any]


class JoinController(Controller):
    path = "/api/v1/join"
    tags = ["Join"]
    opt = PUBLIC

    @get("/{code:str}", operation_id="lookAtInvitation")
    async def show(
        self,
        code: FromPath[str],
        join: NamedDependency[JoinService],
        request: AnyRequest,
    ) -> JoinPage:
        """What the invitation gives, and what the guest must enter."""
        offer = await join.get_offer(code, address=_address(request))
        return JoinPage.of(offer)

    @post("/{code:str}", operation_id="join", status_code=HTTP_202_ACCEPTED)
    async def redeem(
        self,
        code: FromPath[str],
        data: JSONBody[JoinRequest],
        join: NamedDependency[JoinService],
        request: AnyRequest,
        idempotency_key: IdempotencyKey = None,
    ) -> JoinAccepted:
        """Use the invitation. A repeated request with the same key is one use."""
        return await join.redeem(
            code,
            data,
            key=idempotency_key,
            address=_address(request),
            holder=holder_of(request),
        )

    @get("/redemptions/{id:uuid}", operation_id="getJoinProgress")
    async def progress(
        self,
        id: FromPath[UUID],
        join: NamedDependency[JoinService],
        authorization: Authorization = None,
    ) -> JoinProgress:
        """The redemption's progress; the token was in the response that
        accepted it.
        """
        scheme, _, token = (authorization or "").partition(" ")
        return await join.progress(id, token if scheme.lower() == "bearer" else "")


def _address(request: AnyRequest) -> str:
    return request.client.host if request.client else ""
