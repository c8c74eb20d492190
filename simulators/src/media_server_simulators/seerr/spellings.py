"""The fields of a request's order, also as Seerr itself and others spell them."""

import re

from media_server_simulators.orders import Order
from media_server_simulators.wire import JsonObject

# Without underscores and in lower case.
SPELLINGS = {
    "mediatype": "type",
    "kind": "type",
    "tmdbid": "tmdb",
    "mediaid": "tmdb",
    "tvdbid": "tvdb",
    "imdbid": "imdb",
    "title": "name",
    "requestedby": "user",
    "requester": "user",
    "userid": "user",
    "username": "user",
    "email": "user",
    "requeststatus": "status",
    "requestedat": "at",
    "createdat": "at",
    "modifiedat": "updated_at",
    "releasedate": "released",
    "theatrical": "released",
    "firstairdate": "released",
    "digitalrelease": "digital",
    "digitalreleasedate": "digital",
    "physicalrelease": "physical",
    "physicalreleasedate": "physical",
    "id": "request",
    "requestid": "request",
    "mediaaddedat": "added",
    "seasonnumber": "number",
    "airdate": "first_aired",
    "aired": "first_aired",
    "firstaired": "first_aired",
    "lastaired": "last_aired",
    "episodecount": "episodes",
    "mediastatus": "media_status",
    "is4k": "is_4k",
    "updatedat": "updated_at",
    "availableseasons": "available_seasons",
    "originallanguage": "original_language",
}


def plainly(order: Order) -> Order:
    """The same under our names. A row as Seerr shows it is understood as well."""
    fields = _renamed(order.fields)
    media, user = fields.pop("media", None), fields.get("user")
    if isinstance(media, dict):
        wanted = "status4k" if fields.get("is_4k") else "status"
        fields["media_status"] = media.get(wanted)
        for name in ("type", "tmdb", "tvdb", "added"):
            fields.setdefault(name, _renamed(media).get(name))
    if isinstance(user, dict):
        fields["user"] = user.get("id") or user.get("displayName")
    year = fields.pop("year", None)
    if isinstance(year, int):
        fields.setdefault("released", f"{year}-01-01")
    seasons = fields.get("seasons")
    if isinstance(seasons, list):
        fields["seasons"] = [
            _renamed(each) if isinstance(each, dict) else each for each in seasons
        ]
    return Order(fields)


def _renamed(fields: JsonObject) -> JsonObject:
    return {_plain_name(name): value for name, value in fields.items()}


def _plain_name(name: str) -> str:
    return SPELLINGS.get(re.sub("_", "", name).lower(), name)
