"""What servers say of a track's language becomes a tag, and never a wrong one."""

import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from zondarr.catalogue.languages import (
    Offer,
    as_text,
    counts,
    from_text,
    is_commentary,
    offers_of,
    parse_language,
    satisfies,
    track_language,
)
from zondarr.media.catalogue import TrackKind

TABLE = Path(__file__).parent / "languages.txt"


def cases() -> Iterator[tuple[str, str | None]]:
    for line in TABLE.read_text().splitlines():
        tag, _, written = line.partition(": ")
        if not tag.startswith("#"):
            for each in written.split(" | "):
                yield each, None if tag == "-" else tag


def test_the_table_of_what_tools_and_servers_write() -> None:
    table = list(cases())
    assert len(table) > 200
    found = {each: parse_language(each) for each, _ in table}
    assert found == dict(table)


@pytest.mark.parametrize(
    "written",
    [" fr", "FR", "fre ", "\tFrench\n", unicodedata.normalize("NFD", "Français")],
)
def test_case_spaces_and_decomposed_accents_do_not_matter(written: str) -> None:
    assert parse_language(written) == "fr"


@pytest.mark.parametrize(
    "written", [None, "", "  ", "\0", "-", "fr--CA", "🇫🇷", "a" * 500]
)
def test_what_nobody_can_read_is_unknown(written: str | None) -> None:
    assert parse_language(written) is None


@pytest.mark.parametrize(
    ("title", "tag"),
    [
        ("fr-FR", "fr-FR"),
        ("fr_CA", "fr-CA"),
        ("sr-Latn", "sr-Latn"),
        ("Spanish", "es"),
        ("Hindi", "hi"),
        ("Français", "fr"),
        ("Portuguese (Brazil)", "pt-BR"),
        ("yue", "yue"),
        ("iw", "he"),
        ("pob", "pt-BR"),
        ("French 5.1", None),
        ("Parisian", None),
        ("English (Commentary)", None),
        ("Director's cut", None),
        (None, None),
    ],
)
def test_the_whole_title_of_an_external_file_may_be_its_language(
    title: str | None, tag: str | None
) -> None:
    assert track_language(None, title, external=True) == tag
    assert track_language("", title, external=True) == tag
    assert track_language(None, title) is None
    assert track_language("und", title, external=True) is None
    assert track_language("de", title, external=True) == "de"


@pytest.mark.parametrize(
    ("tag", "required", "meets"),
    [
        ("fr", "fr", True),
        ("fr-CA", "fr", True),
        ("fr-CA", "fr-ca", True),
        ("fr", "fr-CA", False),
        ("fr-CA", "fr-FR", False),
        ("zh-Hant-HK", "zh-Hant", True),
        ("fro", "fr", False),
        ("nb", "no", True),
        ("nn-NO", "no", True),
        ("no", "nb", False),
        ("nb", "da", False),
        ("cmn-Hant", "zh", True),
        ("cmn-Hant", "zh-Hant", True),
        ("yue", "zh", True),
        ("zh", "yue", False),
        ("arz", "ar", True),
        ("zsm", "ms", True),
        ("id", "ms", False),
        ("hr", "sh", True),
        ("sr", "hr", False),
        ("tl", "fil", False),
    ],
)
def test_a_part_meets_the_whole_and_never_the_other_way_round(
    tag: str, required: str, meets: bool
) -> None:
    assert satisfies(tag, required) is meets


@pytest.mark.parametrize(
    "title",
    [
        "Commentary",
        "Director's Commentary (English)",
        "Audiokommentar mit dem Regisseur",
        "Commentaire audio",
        "Comentários do diretor",
        "Audio Description",
        "Audiodescripción",
        "Hörfilmfassung",
        "English AD",
        "English (AD) 5.1",
        "Descriptive Audio",
        "コメンタリー",
    ],
)
def test_commentary_and_audio_description_are_told_by_their_title(title: str) -> None:
    assert is_commentary(title)


@pytest.mark.parametrize("title", [None, "", "French", "Ad Astra", "Stereo", "MAD 5.1"])
def test_other_titles_are_no_commentary(title: str | None) -> None:
    assert not is_commentary(title)


def test_neither_commentary_nor_forced_subtitles_count() -> None:
    audio, subtitle = TrackKind.AUDIO, TrackKind.SUBTITLE
    assert counts(audio, forced=True, commentary=False)
    assert counts(subtitle, forced=False, commentary=False)
    assert not counts(subtitle, forced=True, commentary=False)
    assert not counts(audio, forced=False, commentary=True)


def test_what_a_file_offers_is_kept_as_a_text() -> None:
    audio, subtitles = offers_of(
        [
            (TrackKind.AUDIO, "fr-CA"),
            (TrackKind.AUDIO, "en"),
            (TrackKind.AUDIO, "en"),
            (TrackKind.SUBTITLE, None),
        ]
    )
    assert (as_text(audio), as_text(subtitles)) == ("en fr-CA", "?")
    assert from_text("en fr-CA") == audio == Offer(frozenset(("en", "fr-CA")), False)
    assert from_text("?") == subtitles == from_text(None)
    assert from_text("") == Offer(frozenset(), unknown=False)


def test_the_names_of_languages_are_loaded_when_one_is_met() -> None:
    code = (
        "import sys; import zondarr.catalogue.languages as l;"
        "assert 'langcodes' not in sys.modules; l.parse_language('fre');"
        "assert 'langcodes' in sys.modules; assert 'marisa_trie' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603
