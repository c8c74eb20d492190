"""Whether a password is a user's, and what a wrong one does."""

from datetime import timedelta

from media_server_simulators.jellyfin.activity import user_note
from media_server_simulators.jellyfin.http.access import is_local, within_hours
from media_server_simulators.jellyfin.http.errors import exception_error
from media_server_simulators.jellyfin.state import State, User, UserSnapshot
from media_server_simulators.jellyfin.users.policy import LOGIN
from media_server_simulators.jellyfin.values import flag, number, text
from media_server_simulators.jellyfin.versions import Version

NEVER = -1
REMEMBER_AFTER = timedelta(seconds=60)


def check_password(
    state: State, user: User, password: str, address: str, *, session: bool
) -> bool:
    """Whether the password fits. Raises 403, whatever it is, for who may not sign in.

    `session` is a sign-in, which is recorded; otherwise it is a confirmation.
    """
    return check_snapshot(
        state, UserSnapshot.of(user), password, address, session=session
    )


def check_snapshot(
    state: State, snapshot: UserSnapshot, password: str, address: str, *, session: bool
) -> bool:
    user = snapshot.user
    right = password_matches(user, password)
    if snapshot.disabled:
        raise exception_error(403)
    if not flag(user.policy, "EnableRemoteAccess") and not is_local(address):
        raise exception_error(403)
    if not within_hours(user.policy, state.now()):
        raise exception_error(403)
    if not right:
        count_failed_attempt(state, snapshot)
        return False
    user.policy["InvalidLoginAttemptCount"] = 0
    if session:
        record_sign_in(state, snapshot)
    return True


def password_matches(user: User, password: str) -> bool:
    """A user without a password signs in with an empty one only."""
    if text(user.policy, "AuthenticationProviderId") != LOGIN:
        return False
    if user.secret is None:
        return not password
    return user.secret.matches(password)


def record_sign_in(state: State, snapshot: UserSnapshot) -> None:
    """10.11 writes the stale copy back when the last activity is a minute old."""
    user, now = snapshot.user, state.now()
    user.last_activity = user.last_login = now
    if state.version is Version.V10_11:
        before = snapshot.last_activity
        if before is None or now - before > REMEMBER_AFTER:
            user.last_login = snapshot.last_login


def count_failed_attempt(state: State, snapshot: UserSnapshot) -> None:
    """Attempts are counted one by one, however many are made at once.

    At the limit 12.0 writes the count as it was read, plus one, and counts once more.
    10.11 logs that the user is locked out and does not store it.
    """
    user, tries = snapshot.user, snapshot.attempts + 1
    most = number(user.policy, "LoginAttemptsBeforeLockout", NEVER)
    locked = most != NEVER and tries >= most
    if locked:
        sentence = "User {} has been locked out"
        user_note(state, "UserLockedOut", user, sentence, severe=True)
    if locked and state.version.lockout_is_stored:
        user.policy["IsDisabled"] = True
    if locked and state.version.since_12:
        counted = tries + 1
    else:
        counted = number(user.policy, "InvalidLoginAttemptCount") + 1
    user.policy["InvalidLoginAttemptCount"] = counted
