"""Translates between plex.tv's sharing settings and `Permissions`. Pure functions."""

from collections.abc import Iterable

from zondarr.media.clients.plex.filters import (
    ContentFilter,
    parse_filter,
    same_filter,
    with_filter,
)
from zondarr.media.clients.plex.shapes import Settings, Share
from zondarr.media.types import Permissions

FLAGS = ("allowSync", "allowCameraUpload", "allowChannels", "allowSubtitleAdmin")
FILTERS = ("filterMovies", "filterTelevision", "filterMusic", "filterPhotos")
FILTERED_KINDS = ("filterMovies", "filterTelevision")
"""The libraries that ratings and labels apply to; music has no ratings, photos have
neither.
"""

LIVE_TV = 1
"""allowTuners: 0 none, 1 live television, 2 also recording."""


def settings_of(share: Share) -> Settings:
    """The current settings, in the form in which they can be sent back."""
    read = share.sharing_settings or {}
    settings: Settings = {name: read.get(name) in (True, "1") for name in FLAGS}
    settings |= {name: str(read.get(name) or "") for name in FILTERS}
    if read.get("filterAll"):
        settings["filterAll"] = str(read["filterAll"])
    return settings | {"allowTuners": _tuners(read)}


def guest_settings(permissions: Permissions) -> Settings:
    """The settings of a new guest; every one is set explicitly."""
    nothing: Settings = dict.fromkeys(FLAGS, False)
    nothing |= dict.fromkeys(FILTERS, "")
    return with_permissions(nothing, permissions)


def with_permissions(settings: Settings, permissions: Permissions) -> Settings:
    """The settings with these permissions; settings without a counterpart are kept."""
    shown = ContentFilter(
        _tags(permissions.allowed_ratings), _tags(permissions.allowed_labels)
    )
    filters = {each: str(settings.get(each) or "") for each in FILTERED_KINDS}
    return (
        settings
        | {name: with_filter(text, shown) for name, text in filters.items()}
        | {
            "allowSync": permissions.can_download,
            "allowChannels": permissions.can_use_channels,
            "allowTuners": _live_tv(settings, may=permissions.can_watch_live_tv),
        }
    )


def with_added_permissions(settings: Settings, permissions: Permissions) -> Settings:
    """The settings with these permissions added to the existing ones.

    Existing filters are kept, and none are added: a filter would also narrow the
    libraries that the person had before.
    """
    had = permissions_of(settings)
    live_tv = had.can_watch_live_tv or permissions.can_watch_live_tv
    return settings | {
        "allowSync": had.can_download or permissions.can_download,
        "allowChannels": had.can_use_channels or permissions.can_use_channels,
        "allowTuners": _live_tv(settings, may=live_tv),
    }


def widened(one: Settings, other: Settings) -> Settings:
    """The first settings with the permissions of both; its filters are kept."""
    flags = {name: bool(one.get(name) or other.get(name)) for name in FLAGS}
    return one | flags | {"allowTuners": max(_tuners(one), _tuners(other))}


def reduced(one: Settings, other: Settings) -> Settings:
    """The first settings with the permissions that both have; its filters are kept."""
    flags = {name: bool(one.get(name) and other.get(name)) for name in FLAGS}
    return one | flags | {"allowTuners": min(_tuners(one), _tuners(other))}


def _live_tv(settings: Settings, *, may: bool) -> int:
    """Permission to record is kept as long as live television is allowed."""
    return max(LIVE_TV, _tuners(settings)) if may else 0


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags))


def same_settings(one: Settings, other: Settings) -> bool:
    """Whether both mean the same, however the filters are written."""
    rest = [
        {k: v for k, v in each.items() if k not in FILTERS} for each in (one, other)
    ]
    return rest[0] == rest[1] and _same_filters(one, other)


def was_kept(wanted: Settings, read: Settings) -> bool:
    """Whether plex.tv stored the settings: downloads and filters exactly, nothing else
    wider.

    Settings that need a Plex Pass may come back narrower.
    """
    synced = read.get("allowSync") == wanted.get("allowSync")
    more = any(read.get(name) and not wanted.get(name) for name in FLAGS)
    tuned = _tuners(read) <= _tuners(wanted)
    return synced and tuned and not more and _same_filters(wanted, read)


def _same_filters(one: Settings, other: Settings) -> bool:
    return all(
        same_filter(str(one.get(name) or ""), str(other.get(name) or ""))
        for name in FILTERS
    )


def permissions_of(settings: Settings) -> Permissions:
    """If filters differ between films and series, their union."""
    shown = [parse_filter(str(settings.get(name) or "")) for name in FILTERED_KINDS]
    return Permissions(
        can_download=settings.get("allowSync") is True,
        can_watch_live_tv=_tuners(settings) >= LIVE_TV,
        can_use_channels=settings.get("allowChannels") is True,
        allowed_ratings=_tags(tag for each in shown for tag in each.ratings),
        allowed_labels=_tags(tag for each in shown for tag in each.labels),
    )


def _tuners(settings: Settings) -> int:
    value = str(settings.get("allowTuners") or 0)
    return int(value) if value.isascii() and value.isdigit() else 0
