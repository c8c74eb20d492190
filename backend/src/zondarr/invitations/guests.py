"""Validates what a guest typed, with messages that they can act on."""

import re

from zondarr.core.exceptions import InvalidError, Problem
from zondarr.invitations.join_methods import GuestNeeds
from zondarr.invitations.join_schemas import JoinRequest
from zondarr.media.names import MAX_NAME_LENGTH, is_acceptable_name, is_blank

PASSWORD_LENGTH = range(8, 129)
HOME_PIN = re.compile(r"[0-9]{4}")
NEEDED = Problem("is needed", "required")
WHO_ON_PLEX = Problem("sign in with Plex, or give an e-mail address", "required")
NOT_SIGNED_IN = Problem(
    "is no sign-in with Plex of this browser; sign in once more", "not_signed_in"
)


def check_guest(request: JoinRequest, needs: GuestNeeds) -> None:
    """Raise `InvalidError` with every invalid field."""
    wrong: dict[str, str] = {}
    if needs.username and (problem := name_problem(request.username or "")):
        wrong["username"] = problem
    if needs.password and (problem := password_problem(request.password or "")):
        wrong["password"] = problem
    if needs.email and not request.email:
        wrong["email"] = NEEDED
    if needs.plex_sign_in and not (request.plex_pin_id or request.email):
        wrong["plex_pin_id"] = wrong["email"] = WHO_ON_PLEX
    if needs.plex_home_pin and (problem := pin_problem(request.plex_home_pin or "")):
        wrong["plex_home_pin"] = problem
    if wrong:
        raise InvalidError("Please look at what you typed.", **wrong)


def name_problem(name: str) -> Problem | None:
    """The problem with a user name, if any."""
    if not name:
        return NEEDED
    if len(name) > MAX_NAME_LENGTH:
        text = f"may have at most {MAX_NAME_LENGTH} characters"
        return Problem(text, "too_long")
    if name != name.strip():
        return Problem("may not begin or end with a space", "outer_space")
    if not is_acceptable_name(name):
        text = "may have letters, digits, spaces and _ . @ ' + - only"
        return Problem(text, "wrong_format")
    return None


def password_problem(password: str) -> Problem | None:
    """The problem with a password, if any."""
    if not password:
        return NEEDED
    if is_blank(password):
        return Problem("may not consist of white space alone", "password_blank")
    if len(password) not in PASSWORD_LENGTH:
        short = len(password) < PASSWORD_LENGTH.start
        code = "too_short" if short else "too_long"
        return Problem("must have 8 to 128 characters", code)
    return None


def pin_problem(pin: str) -> Problem | None:
    """The problem with a Plex Home PIN, if any; it may be left out."""
    if pin and not HOME_PIN.fullmatch(pin):
        return Problem("must have four digits, or be left out", "wrong_format")
    return None


def not_signed_in() -> InvalidError:
    """The same error for every unusable sign-in, whatever the reason."""
    return InvalidError(
        "Please sign in with Plex once more.", plex_pin_id=NOT_SIGNED_IN
    )
