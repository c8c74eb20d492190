"""Codes that can be read aloud, typed on a phone, and not guessed."""

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 signs without I, L, O and U, so that none is taken for another: 5 bits each."""

GROUPS, GROUP_LENGTH = 3, 4
CODE_PATTERN = r"^[A-Za-z0-9-]{6,32}$(?!\n)"

RESERVED = frozenset({"REDEMPTIONS"})
"""What may follow `/api/v1/join/` and is no code."""


def new_code() -> str:
    """Three groups of four, like `7K3M-Q9TZ-2HBV`: 60 random bits."""
    signs = [secrets.choice(CROCKFORD) for _ in range(GROUPS * GROUP_LENGTH)]
    starts = range(0, len(signs), GROUP_LENGTH)
    return "-".join("".join(signs[at : at + GROUP_LENGTH]) for at in starts)


def normal_form(code: str) -> str:
    """How a code is stored, whatever the case it was typed in."""
    return code.strip().upper()
