"""Which items are the same title."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from zondarr.catalogue.matching import PROVIDERS, TitleIndex, agrees, provider_ids


@dataclass(eq=False)
class Known:
    imdb: str | None = None
    tmdb: str | None = None
    tvdb: str | None = None


ids = st.dictionaries(st.sampled_from(PROVIDERS), st.sampled_from("123"), max_size=3)


@given(st.lists(ids, max_size=8), ids)
def test_one_id_agrees_and_none_contradicts(
    titles: list[dict[str, str]], wanted: dict[str, str]
) -> None:
    known = [Known(**one) for one in titles]
    found = TitleIndex(known).find(wanted)
    fitting = [
        one
        for one in known
        if any(getattr(one, name) == value for name, value in wanted.items())
        and all(getattr(one, name) in {None, value} for name, value in wanted.items())
    ]
    assert (found in fitting) if fitting else (found is None)


def test_ids_that_are_learned_are_found() -> None:
    title = Known(tmdb="603")
    index = TitleIndex([title])
    assert index.learn(title, {"tmdb": "603", "imdb": "tt1"})
    assert index.find({"imdb": "tt1"}) is title
    assert not agrees(title, {"imdb": "tt2", "tmdb": "603"})


def test_other_providers_and_ids_that_are_too_long_do_not_match() -> None:
    given_ids = {"tmdb": " 603 ", "imdb": "x" * 41, "tvdb": "", "other": "7"}
    assert provider_ids(given_ids) == {"tmdb": "603"}
