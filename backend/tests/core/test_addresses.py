"""What is an address of a server, and what is made of one that was pasted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zondarr.core.addresses import base_url, repaired_url, root_url


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" http://Media.Example:8096/ ", "http://media.example:8096"),
        ("https://media.example/jellyfin/", "https://media.example/jellyfin"),
        ("HTTPS://Media.Example/Jellyfin", "https://media.example/Jellyfin"),
        ("http://[::1]:8096/", "http://[::1]:8096"),
        ("http://media_1.lan:", "http://media_1.lan"),
        ("http://bücher.example", "http://bücher.example"),
        ("http://media.example/?", "http://media.example"),
    ],
)
def test_an_address_is_kept_without_what_does_not_belong(text: str, kept: str) -> None:
    assert base_url(text) == kept


NO_ADDRESS = [
    "",
    "media.example",
    "ftp://media.example",
    "file:///etc/passwd",
    "http://",
    "http:media.example",
    "http://me:pw@media.example",
    "http://@media.example",
    "http://media.example/?a=1",
    "http://media.example/#a",
    "http://media.example#!/home",
    "http://media.example:99999",
    "http://media.example:0",
    "http://media.example:-1",
    "http://media.example:80a",
    "http://[::1",
    "http://[fe80::x]",
    "http://media example",
    "http://media.example/a b",
    "http://media..example",
    "http://-media.example",
    "http://media%2eexample",
    "http://media.example\\x",
    "http://a,b",
]


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_other_things_are_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(has|does) ") as caught:
        base_url(text)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("path", ["zondarr", "/", ";x", "./", "a/b", "%20"])
def test_what_we_are_served_at_has_no_path(path: str) -> None:
    assert root_url("https://Zondarr.example/") == "https://zondarr.example"
    if path == "/":
        assert root_url(f"http://h/{path}") == "http://h"
        return
    with pytest.raises(ValueError, match="has a path"):
        root_url(f"http://h/{path}")


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("192.168.1.5:8096", "http://192.168.1.5:8096"),
        ("192.168.1.5", "http://192.168.1.5"),
        ("localhost:8096", "http://localhost:8096"),
        ("jellyfin:8096", "http://jellyfin:8096"),
        ("[::1]:8096", "http://[::1]:8096"),
        ("media.lan", "http://media.lan"),
        ("media.local:8920", "https://media.local:8920"),
        ("Media.Example.org", "https://media.example.org"),
        ("media.example.org:443", "https://media.example.org:443"),
        ("media.example.org:32400/", "http://media.example.org:32400"),
        ("media.example.org/jellyfin", "https://media.example.org/jellyfin"),
        ("//media.example.org:8096", "http://media.example.org:8096"),
        ("  HTTP://Media.Example:8096 \n", "http://media.example:8096"),
        ("\u200bhttp://media.example\u00a0", "http://media.example"),
        ("<http://media.example/>", "http://media.example"),
        ("http://h:8096/web/index.html#!/home", "http://h:8096"),
        ("http://h:8096/web/#/home.html", "http://h:8096"),
        ("http://h:8096/Web", "http://h:8096"),
        ("h:8096/web/index.html?a=1#!/home", "http://h:8096"),
        ("https://h/jellyfin/web/index.html#/login", "https://h/jellyfin"),
        ("http://h/cobweb", "http://h/cobweb"),
    ],
)
def test_an_address_is_repaired(pasted: str, meant: str) -> None:
    assert repaired_url(pasted) == meant


@pytest.mark.parametrize(
    "text",
    ["", "   ", "ftp://h", "http://me:pw@h/web/", "me:pw@h", "h/?x=1", "h#a", "a b"],
)
def test_what_has_another_meaning_is_not_repaired(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(has|does) "):
        repaired_url(text)


@given(st.text(max_size=30) | st.from_regex(r"(http://)?[\w.:@/#?\[\]%-]{0,20}"))
def test_any_text_is_repaired_once_and_for_all_or_refused(text: str) -> None:
    try:
        made = repaired_url(text)
    except ValueError:
        return
    assert base_url(made) == made
    assert repaired_url(made) == made
