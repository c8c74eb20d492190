"""Invitation codes: readable, easy to type on a phone, and not guessable."""

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 characters without I, L, O and U, so that none is mistaken for another: 5 bits
each.
"""

GROUPS, GROUP_LENGTH = 3, 4
CODE_PATTERN = r"^[A-Za-z0-9-]{6,32}$(?!\n)"

RESERVED = frozenset({"REDEMPTIONS"})
"""Path segments after `/api/v1/join/` that are not codes."""


def new_code() -> str:
    """Three groups of four, like `7K3M-Q9TZ-2HBV`: 60 random bits."""
    signs = [secrets.choice(CROCKFORD) for _ in range(GROUPS * GROUP_LENGTH)]
    starts = range(0, len(signs), GROUP_LENGTH)
    return "-".join("".join(signs[at : at + GROUP_LENGTH]) for at in starts)


def normal_form(code: str) -> str:
    """The stored form of a code, whatever the case it was typed in."""
    return code.strip().upper()
