"""What a friend may do beside watching, in both spellings of plex.tv."""

from dataclasses import dataclass

from media_server_simulators.plex.numbers import whole
from media_server_simulators.wire import Json, JsonObject

FILTERS = {
    "filterMovies": "filter_movies",
    "filterTelevision": "filter_television",
    "filterMusic": "filter_music",
    "filterPhotos": "filter_photos",
    "filterAll": "filter_all",
}
FLAGS = {
    "allowSync": "allow_sync",
    "allowCameraUpload": "allow_camera_upload",
    "allowChannels": "allow_channels",
    "allowSubtitleAdmin": "allow_subtitle_admin",
}
NO = {"0", "false", ""}


@dataclass(slots=True)
class Sharing:
    """`allow_tuners` is 0 none, 1 live television, 2 and recording."""

    allow_sync: bool = False
    allow_camera_upload: bool = False
    allow_channels: bool = False
    allow_subtitle_admin: bool = False
    allow_tuners: int = 0
    filter_movies: str = ""
    filter_television: str = ""
    filter_music: str = ""
    filter_photos: str = ""
    filter_all: str = ""

    def take(self, given: JsonObject) -> None:
        """Change the given settings; flags are booleans, 0 and 1, or their text."""
        for name, own in FLAGS.items():
            if name in given:
                setattr(self, own, _flag(given[name]))
        for name, own in FILTERS.items():
            if name in given:
                setattr(self, own, str(given[name] or ""))
        if "allowTuners" in given:
            self.allow_tuners = whole(given["allowTuners"]) or 0

    def as_json(self) -> JsonObject:
        return {
            "allowChannels": self.allow_channels,
            "filterMovies": self.filter_movies,
            "filterMusic": self.filter_music,
            "filterPhotos": self.filter_photos,
            "filterTelevision": self.filter_television,
            "filterAll": self.filter_all or None,
            "allowSync": self.allow_sync,
            "allowCameraUpload": self.allow_camera_upload,
            "allowSubtitleAdmin": self.allow_subtitle_admin,
            "allowTuners": self.allow_tuners,
        }


def _flag(value: Json) -> bool:
    return str(value).lower() not in NO if value is not None else False
