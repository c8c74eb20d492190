"""What a library may be given to fetch with; of no interest but to a settings page."""

from media_server_simulators.wire import Json, JsonObject


def _named(*names: str) -> list[Json]:
    return [{"Name": name, "DefaultEnabled": True} for name in names]


def _images(**limits: int) -> list[Json]:
    return [
        {"Type": kind, "Limit": limit, "MinWidth": 1280 if kind == "Backdrop" else 0}
        for kind, limit in limits.items()
    ]


def _kind(
    name: str,
    metadata: list[Json],
    images: list[Json],
    similar: list[Json],
    **more: list[Json],
) -> JsonObject:
    return {
        "Type": name,
        "MetadataFetchers": metadata,
        "ImageFetchers": images,
        "SimilarItemProviders": similar,
        "SupportedImageTypes": more["supported"],
        "DefaultImageOptions": more["defaults"],
    }


OMDB = "The Open Movie Database"
GRABBED = _named(OMDB, "Embedded Image Extractor", "Screen Grabber")
LOCAL = _named("Local Genre/Tag")
OPTIONS: JsonObject = {
    "MetadataSavers": _named("Nfo"),
    "MetadataReaders": _named("Nfo"),
    "SubtitleFetchers": [],
    "LyricFetchers": [],
    "MediaSegmentProviders": [],
    "TypeOptions": [
        _kind(
            "Series",
            _named(OMDB),
            [],
            LOCAL,
            supported=[],
            defaults=_images(Backdrop=1, Art=0, Primary=1, Banner=1, Thumb=1, Logo=1),
        ),
        _kind(
            "Season",
            [],
            [],
            [],
            supported=[],
            defaults=_images(Backdrop=0, Primary=1, Banner=0, Thumb=0),
        ),
        _kind(
            "Episode",
            _named(OMDB),
            GRABBED,
            [],
            supported=["Primary"],
            defaults=_images(Backdrop=0, Primary=1),
        ),
        _kind(
            "Movie",
            _named(OMDB),
            GRABBED,
            LOCAL,
            supported=["Primary", "Backdrop", "Logo"],
            defaults=_images(
                Backdrop=1, Art=0, Disc=0, Primary=1, Banner=0, Thumb=1, Logo=1
            ),
        ),
    ],
}
