"""A track's language as servers write it, from the language tag of the file."""

from dataclasses import dataclass

# 639-2 has two codes for these: the bibliographic one, and the one that 639-3 kept.
TO_TERMINOLOGICAL = {
    "alb": "sqi", "arm": "hye", "baq": "eus", "bur": "mya", "chi": "zho", "cze": "ces",
    "dut": "nld", "fre": "fra", "geo": "kat", "ger": "deu", "gre": "ell", "ice": "isl",
    "mac": "mkd", "mao": "mri", "may": "msa", "per": "fas", "rum": "ron", "slo": "slk",
    "tib": "bod", "wel": "cym",
}  # fmt: skip
NAMES = {
    "eng": ("en", "English"), "deu": ("de", "German"), "fra": ("fr", "French"),
    "jpn": ("ja", "Japanese"), "spa": ("es", "Spanish"), "ita": ("it", "Italian"),
    "kor": ("ko", "Korean"), "dan": ("da", "Danish"), "swe": ("sv", "Swedish"),
    "nor": ("no", "Norwegian"), "fin": ("fi", "Finnish"), "nld": ("nl", "Dutch"),
    "por": ("pt", "Portuguese"), "rus": ("ru", "Russian"), "pol": ("pl", "Polish"),
    "zho": ("zh", "Chinese"), "ces": ("cs", "Czech"), "hun": ("hu", "Hungarian"),
    "ell": ("el", "Greek"), "tur": ("tr", "Turkish"), "ara": ("ar", "Arabic"),
    "heb": ("he", "Hebrew"), "hin": ("hi", "Hindi"), "ukr": ("uk", "Ukrainian"),
}  # fmt: skip
LONG = {short: code for code, (short, _) in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Spelling:
    """`tag` is BCP 47, `code` has three letters, `name` is for people."""

    tag: str | None = None
    code: str | None = None
    name: str | None = None


def spelled(written: str | None) -> Spelling:
    """As tagged in a file: a code, a tag with a region, or anything else."""
    if not written:
        return Spelling()
    base, _, region = written.replace("_", "-").partition("-")
    low = base.lower()
    code = LONG.get(low) or TO_TERMINOLOGICAL.get(low, low)
    if code in NAMES:
        short, name = NAMES[code]
        shown = f"{name} ({region})" if region else name
        return Spelling(f"{short}-{region}" if region else short, code, shown)
    is_code = written.isascii() and written.isalpha() and written.islower()
    known = written if is_code and len(written) in {2, 3} else None
    return Spelling(known, known if len(written) == 3 else None, written)  # noqa: PLR2004
