"""The languages of overrides: their tags and names."""

from collections.abc import Sequence

from zondarr.catalogue import languages
from zondarr.catalogue.languages import ORIGINAL, parse_language
from zondarr.core.exceptions import InvalidError, Problem


def language_tags(given: Sequence[str] | None, *, field: str) -> list[str] | None:
    """The tags of languages that somebody typed, each once; raises `InvalidError` for
    what is no language."""
    if given is None:
        return None
    tags = {each: _tag(each) for each in given}
    unknown = [each for each, tag in tags.items() if tag is None]
    if unknown:
        problem = Problem("is no language: give a tag such as fr or pt-BR", "unknown")
        sentence = f"{unknown[0]!r} is not a language."
        raise InvalidError(sentence, **{f"languages.{field}": problem})
    return list(dict.fromkeys(tag for tag in tags.values() if tag is not None))


def _tag(given: str) -> str | None:
    return ORIGINAL if given.strip().lower() == ORIGINAL else parse_language(given)


def language_name(tag: str) -> str:
    """In English; a tag that has no name is its own."""
    return "Original" if tag == ORIGINAL else languages.language_name(tag)
