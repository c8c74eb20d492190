"""The join page over HTTP. Nobody is signed in here."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from zondarr.invitations.join import JoinService
from zondarr.invitations.join_schemas import (
    JoinAccepted,
    JoinPage,
    JoinProgress,
    JoinRequest,
)

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(name="Idempotency-Key", min_length=1, max_length=200),
]
Authorization = Annotated[str | None, HeaderParameter(name="Authorization")]


class JoinController(Controller):
    path = "/api/v1/join"
    tags = ["Join"]
    opt = {"public": True}

    @get("/{code:str}", operation_id="lookAtInvitation")
    async def look(
        self, code: FromPath[str], join: NamedDependency[JoinService]
    ) -> JoinPage:
        """What the invitation gives, and what the guest must give."""
        return await join.look(code)

    @post("/{code:str}", operation_id="join", status_code=HTTP_202_ACCEPTED)
    async def redeem(
        self,
        code: FromPath[str],
        data: JSONBody[JoinRequest],
        join: NamedDependency[JoinService],
        idempotency_key: IdempotencyKey = None,
    ) -> JoinAccepted:
        """Use the invitation. The same request with the same key is one use."""
        return await join.redeem(code, data, key=idempotency_key)

    @get("/redemptions/{id:uuid}", operation_id="getJoinProgress")
    async def progress(
        self,
        id: FromPath[UUID],
        join: NamedDependency[JoinService],
        authorization: Authorization = None,
    ) -> JoinProgress:
        """How far the redemption is; the token came with its acceptance."""
        scheme, _, token = (authorization or "").partition(" ")
        return await join.progress(id, token if scheme.lower() == "bearer" else "")
