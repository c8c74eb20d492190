"""The kinds of path and query values by a word each."""

from media_server_simulators.jellyfin.http.binding import (
    flag,
    guid,
    guids,
    moment,
    pipes,
    real,
    text,
    whole,
    wide,
    words,
)

FLAG = flag
GUID = guid
GUIDS = guids
MOMENT = moment
PIPES = pipes
REAL = real
TEXT = text
WHOLE = whole
WIDE = wide
WORDS = words
