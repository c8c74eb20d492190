"""What a user did with an item, as the API shows it."""

from dataclasses import replace

from media_server_simulators.jellyfin.items.catalogue import descendants
from media_server_simulators.jellyfin.state import Event, EventKind, State, User, Watch
from media_server_simulators.jellyfin.values import compact, dashed, stamp
from media_server_simulators.jellyfin.versions import Version
from media_server_simulators.wire import JsonObject
from media_server_simulators.world import Title

WITH_CHILDREN = {"Series", "Season", "Folder"}


def watch_of(state: State, user: User, title: Title) -> Watch:
    """A user's data of a title, to be changed; new data begins with what is cached."""
    state.watch_revision += 1
    return state.watched.setdefault(
        (user.id, title.id), replace(cached(state, user, title))
    )


def stored(state: State, user: User | None, title: Title) -> Watch:
    """As the database has it, which lists are filtered by."""
    found = state.watched.get((user.id, title.id)) if user else None
    return found or Watch()


def cached(state: State, user: User, title: Title) -> Watch:
    """As it is shown: 10.11 may show what a deleted user of the same number did."""
    found = state.watched.get((user.id, title.id))
    return found or state.cached_watches.get((user.internal_id, title.id)) or Watch()


def leaves(state: State, title: Title) -> list[Title]:
    """What can really be played of it: itself, or all that lies in it."""
    if title.kind not in WITH_CHILDREN:
        return [title]
    return [each for each in descendants(state, title.id) if each.files]


def publish_watched(state: State, user: User, title: Title) -> None:
    state.publish(Event(EventKind.WATCHED, user_id=user.id, item_id=title.id))


def is_played(state: State, user: User | None, title: Title) -> bool:
    """A show is when nothing of it is unplayed; in 12.0 an empty one, too."""
    if title.kind not in WITH_CHILDREN:
        return stored(state, user, title).played
    inside = leaves(state, title)
    played = all(stored(state, user, each).played for each in inside)
    return played and (bool(inside) or state.version.since_12)


def shown(state: State, user: User, title: Title, *, fresh: bool = False) -> JsonObject:
    """`fresh` is the answer of a route about user data: its key is newer."""
    watch = cached(state, user, title)
    result: JsonObject = {
        "PlayedPercentage": _percentage(watch, title),
        "PlaybackPositionTicks": watch.position,
        "PlayCount": watch.count,
        "IsFavorite": watch.favourite,
        "Likes": watch.likes,
        "Rating": watch.rating,
        "LastPlayedDate": stamp(watch.last_played) if watch.last_played else None,
        "Played": watch.played,
        "Key": key_of(state, title, fresh=fresh),
        "ItemId": title.id,
    }
    if title.kind in WITH_CHILDREN:
        result |= _of_folder(state, user, title)
    return compact(result)


def _percentage(watch: Watch, title: Title) -> float | None:
    ticks = title.files[0].ticks if title.files else 0
    return 100 * watch.position / ticks if watch.position and ticks else None


def _of_folder(state: State, user: User, title: Title) -> JsonObject:
    """12.0 gives the share even when it is nothing; older servers leave that out."""
    inside = leaves(state, title)
    unplayed = sum(not cached(state, user, each).played for each in inside)
    share = 100 * (len(inside) - unplayed) / len(inside) if inside else 0
    shown_share = share if share or state.version.since_12 else None
    return {
        "UnplayedItemCount": unplayed,
        "PlayedPercentage": shown_share,
        "Played": unplayed == 0,
    }


def key_of(state: State, title: Title, *, fresh: bool = False) -> str:
    """The key of a user's data: a provider's id, made unique within a show.

    Lists show a film or episode under its own id: the server settled that before it
    read the NFO, but afterwards where it joined several files to one film [recorded].
    """
    if title.kind in {"Season", "Episode"}:
        return _within_show(state, title, fresh=fresh)
    wanted = ("Tvdb", "Imdb", "Tmdb") if title.kind == "Series" else ("Tmdb", "Imdb")
    fresh = fresh and state.version is not Version.V10_11
    settled = title.kind == "Movie" and len(title.files) == 1 and not fresh
    providers = {} if settled else dict(title.providers)
    return next((providers[p] for p in wanted if p in providers), dashed(title.id))


def _within_show(state: State, title: Title, *, fresh: bool) -> str:
    series = state.world.by_id.get(title.series_id or "")
    if series is None or (title.kind == "Episode" and not fresh):
        return dashed(title.id)
    if title.kind == "Season":
        return f"{key_of(state, series)}{title.index or 0:03}"
    return f"{key_of(state, series)}{title.season or 0:03}{title.index or 0:03}"
