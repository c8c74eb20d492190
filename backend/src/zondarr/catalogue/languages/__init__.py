"""Languages of tracks: what servers report becomes a BCP 47 tag, or unknown (None)."""

from zondarr.catalogue.languages.offers import (
    ORIGINAL,
    SILENT,
    Offer,
    Offers,
    as_text,
    counts,
    from_text,
    met_by,
    offers_of,
    satisfies,
)
from zondarr.catalogue.languages.parsing import (
    language_name,
    parse_language,
    track_language,
)
from zondarr.catalogue.languages.track_titles import is_commentary

__all__ = [
    "ORIGINAL",
    "SILENT",
    "Offer",
    "Offers",
    "as_text",
    "counts",
    "from_text",
    "is_commentary",
    "language_name",
    "met_by",
    "offers_of",
    "parse_language",
    "satisfies",
    "track_language",
]
