"""Whether a password is a user's, and what a wrong one does."""

from zondarr.simulators.jellyfin.access import is_local, within_hours
from zondarr.simulators.jellyfin.activity import user_note
from zondarr.simulators.jellyfin.errors import thrown
from zondarr.simulators.jellyfin.policy import LOGIN
from zondarr.simulators.jellyfin.state import State, User
from zondarr.simulators.jellyfin.values import flag, number, text

NEVER = -1


def prove(
    state: State, user: User, password: str, address: str, *, session: bool
) -> bool:
    """Whether he may come in. Raises 403, whatever the password, if he may not at all.

    `session` says that it is a sign-in, which is remembered, and not a confirmation.
    """
    right = fits(user, password)
    if flag(user.policy, "IsDisabled"):
        raise thrown(403)
    if not flag(user.policy, "EnableRemoteAccess") and not is_local(address):
        raise thrown(403)
    if not within_hours(user.policy, state.now()):
        raise thrown(403)
    if not right:
        count_wrong(state, user)
        return False
    user.policy["InvalidLoginAttemptCount"] = 0
    if session:
        remember(state, user)
    return True


def fits(user: User, password: str) -> bool:
    """Someone without a password comes in with an empty one, and only so."""
    if text(user.policy, "AuthenticationProviderId") != LOGIN:
        return False
    if user.secret is None:
        return not password
    return user.secret.matches(password)


def remember(state: State, user: User) -> None:
    """10.11 overwrites the first sign-in's date with an older copy of the user."""
    user.last_activity = state.now()
    user.logins += 1
    if state.version.lockout_is_stored or user.logins > 1:
        user.last_login = user.last_activity


def count_wrong(state: State, user: User) -> None:
    """At the limit the user is disabled, and this one counts twice."""
    tries = number(user.policy, "InvalidLoginAttemptCount") + 1
    most = number(user.policy, "LoginAttemptsBeforeLockout", NEVER)
    if most != NEVER and tries >= most:
        user_note(
            state, "UserLockedOut", user, "User {} has been locked out", severe=True
        )
        if state.version.lockout_is_stored:
            user.policy["IsDisabled"] = True
            tries += state.version.since_12
    user.policy["InvalidLoginAttemptCount"] = tries
