"""The headers that keep a browser from being used against its owner."""

from zondarr.api.asgi import Headers

POLICY = b"default-src 'none'; frame-ancestors 'none'"
"""For all that is no page. Pages bring their own, and caching that fits them."""

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"content-security-policy", POLICY),
    (b"cache-control", b"no-store"),
)
_HTTPS = (*_ALWAYS, (b"strict-transport-security", b"max-age=31536000"))


def secured(headers: Headers, *, https: bool) -> Headers:
    """The headers of an answer and ours; what the answer says itself stays."""
    there = {name.lower() for name, _ in headers}
    ours = _HTTPS if https else _ALWAYS
    return [*headers, *(pair for pair in ours if pair[0] not in there)]
