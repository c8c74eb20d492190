"""Filters of /Items by a title's files: languages, subtitles, size of the picture."""

from collections.abc import Iterator

from media_server_simulators.jellyfin.http.call import Call
from media_server_simulators.jellyfin.items.whole_items import Test, at_leaves, negated
from media_server_simulators.world import Title

HD_WIDTH, UHD_WIDTH, UHD_HEIGHT = 1200, 3800, 2100
UNKNOWN = "und"
"""Also stands for a track that names no language."""


def track_tests(call: Call) -> Iterator[Test]:
    yield from _subtitles(call)
    yield from _resolutions(call)
    yield from _bounds(call)
    if call.state.version.since_12:
        yield from _languages(call)
    types = call.words("videoTypes")
    if types:
        yield at_leaves(call.state, lambda t: bool(t.files) and "VideoFile" in types)


def _subtitles(call: Call) -> Iterator[Test]:
    wanted = call.flag("hasSubtitles")
    if wanted is not None:
        test = at_leaves(call.state, lambda t: bool(_languages_of(t, "subtitle")))
        yield test if wanted else negated(test)


def _languages(call: Call) -> Iterator[Test]:
    """12.0 added them; any version of a film and any episode of a show will do."""
    for name, kind in (("audioLanguages", "audio"), ("subtitleLanguages", "subtitle")):
        wanted = set(call.words(name))
        if wanted:
            yield at_leaves(
                call.state,
                lambda t, k=kind, w=wanted: not w.isdisjoint(_languages_of(t, k)),
            )


def _languages_of(title: Title, kind: str) -> set[str]:
    return {
        stream.language or UNKNOWN
        for file in title.files
        for stream in file.streams
        if stream.kind == kind
    }


def _resolutions(call: Call) -> Iterator[Test]:
    """What the best version offers. Asking only for what is not 4K finds nothing."""
    hd, uhd = call.flag("isHd"), call.flag("is4K")
    if hd is None and uhd is None:
        return
    wanted = {"hd"} if hd else {"sd"} if hd is False else set[str]()
    wanted |= {"4k"} if uhd else set()
    yield at_leaves(call.state, lambda t: _resolution(t) in wanted)


def _resolution(title: Title) -> str:
    width = max((file.width for file in title.files), default=0)
    height = max((file.height for file in title.files), default=0)
    if width >= UHD_WIDTH or height >= UHD_HEIGHT:
        return "4k"
    return "hd" if width >= HD_WIDTH else "sd" if width else ""


def _bounds(call: Call) -> Iterator[Test]:
    for name, side in (("Width", 0), ("Height", 1)):
        least, most = call.number(f"min{name}"), call.number(f"max{name}")
        if least is not None:
            yield lambda t, s=side, n=least: any(each >= n for each in _sizes(t, s))
        if most is not None:
            yield lambda t, s=side, n=most: _all_below(_sizes(t, s), n)


def _sizes(title: Title, side: int) -> list[int]:
    return [(file.width, file.height)[side] for file in title.files]


def _all_below(sizes: list[int], most: int) -> bool:
    return bool(sizes) and max(sizes) <= most
