"""Security headers of responses."""

from zondarr.api.asgi import Headers

POLICY = b"default-src 'none'; frame-ancestors 'none'"
"""For everything but pages of the UI, which have their own policy and caching."""

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
    """The response's headers and ours; those that the response has already
    are kept.
    """
    there = {name.lower() for name, _ in headers}
    ours = _HTTPS if https else _ALWAYS
    return [*headers, *(pair for pair in ours if pair[0] not in there)]
