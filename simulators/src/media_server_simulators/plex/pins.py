"""Signing in by PIN: a client asks for one, a person approves it elsewhere."""

import secrets
from datetime import datetime

from media_server_simulators.plex.routing import Routes
from media_server_simulators.plex.state import Account, Pin, PlexWorld
from media_server_simulators.plex.tv_call import TvCall
from media_server_simulators.wire import JsonObject, Reply

routes = Routes[TvCall]()
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def stamp(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@routes.on("POST", "/api/v2/pins", "anyone")
def create(call: TvCall) -> Reply:
    if not call.client:
        raise call.refused(400, 1000, "X-Plex-Client-Identifier is missing")
    strong = (call.query("strong") or "").lower() in {"1", "true"}
    size = 25 if strong else 4
    code = "".join(secrets.choice(LETTERS) for _ in range(size))
    pin = Pin(
        call.world.next_id(),
        code if strong else code.upper(),
        call.client,
        call.plex("product") or "Plex Web",
        strong,
        call.world.now(),
    )
    call.world.pins[pin.id] = pin
    return call.answer("pin", _shape(pin, call.world.now()), 201)


@routes.on("GET", "/api/v2/pins/{id}", "anyone")
def poll(call: TvCall) -> Reply:
    pin = call.world.pins.get(call.number("id"))
    now = call.world.now()
    if pin is None or pin.client != call.client or pin.expires <= now:
        raise call.refused(404, 1020, "Code not found or expired")
    return call.answer("pin", _shape(pin, now))


def approve(world: PlexWorld, code: str, account: Account) -> Pin | None:
    """As the person does on the sign-in page; None for an unknown or expired code."""
    now = world.now()
    wanted = code.lower()
    live = (each for each in world.pins.values() if each.expires > now)
    pin = next((each for each in live if each.code.lower() == wanted), None)
    if pin is not None:
        pin.account_id, pin.token = account.id, world.token_for(account)
    return pin


def _shape(pin: Pin, now: datetime) -> JsonObject:
    return {
        "id": pin.id,
        "code": pin.code,
        "product": pin.product,
        "trusted": False,
        "qr": f"https://plex.tv/api/v2/pins/qr/{pin.code}",
        "clientIdentifier": pin.client,
        "location": {"code": "DE", "country": "Germany", "in_privacy_restricted": True},
        "expiresIn": max(0, int((pin.expires - now).total_seconds())),
        "createdAt": stamp(pin.created),
        "expiresAt": stamp(pin.expires),
        "authToken": pin.token,
        "newRegistration": None,
    }
