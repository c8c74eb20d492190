"""Which pictures a title has."""

from collections.abc import Mapping

from media_server_simulators.jellyfin.values import child, hashed_guid, text
from media_server_simulators.world import Title


def image_tags(title: Title) -> Mapping[str, str]:
    """By kind. A recorded title has those of its recording, another film or show a
    poster."""
    if title.recorded:
        tags = child(title.recorded, "ImageTags")
        return {kind: text(tags, kind) for kind in tags}
    if title.kind in {"Movie", "Series"}:
        return {"Primary": hashed_guid(f"{title.id}/Primary")}
    return {}
