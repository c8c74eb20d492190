"""Whether a password is a user's, and what a wrong one does."""

from datetime import timedelta

from media_server_simulators.jellyfin.activity import user_note
from media_server_simulators.jellyfin.http.access import is_local, within_hours
from media_server_simulators.jellyfin.http.errors import thrown
from media_server_simulators.jellyfin.state import Proof, State, User
from media_server_simulators.jellyfin.users.policy import LOGIN
from media_server_simulators.jellyfin.values import flag, number, text
from media_server_simulators.jellyfin.versions import Version

NEVER = -1
REMEMBER_AFTER = timedelta(seconds=60)


def prove(
    state: State, user: User, password: str, address: str, *, session: bool
) -> bool:
    """Whether he may come in. Raises 403, whatever the password, if he may not at all.

    `session` says that it is a sign-in, which is remembered, and not a confirmation.
    """
    return judge(state, Proof.of(user), password, address, session=session)


def judge(
    state: State, proof: Proof, password: str, address: str, *, session: bool
) -> bool:
    user = proof.user
    right = fits(user, password)
    if proof.disabled:
        raise thrown(403)
    if not flag(user.policy, "EnableRemoteAccess") and not is_local(address):
        raise thrown(403)
    if not within_hours(user.policy, state.now()):
        raise thrown(403)
    if not right:
        count_wrong(state, proof)
        return False
    user.policy["InvalidLoginAttemptCount"] = 0
    if session:
        remember(state, proof)
    return True


def fits(user: User, password: str) -> bool:
    """Someone without a password comes in with an empty one, and only so."""
    if text(user.policy, "AuthenticationProviderId") != LOGIN:
        return False
    if user.secret is None:
        return not password
    return user.secret.matches(password)


def remember(state: State, proof: Proof) -> None:
    """10.11 writes the stale copy back when his last activity is a minute old."""
    user, now = proof.user, state.now()
    user.last_activity = user.last_login = now
    if state.version is Version.V10_11:
        before = proof.last_activity
        if before is None or now - before > REMEMBER_AFTER:
            user.last_login = proof.last_login


def count_wrong(state: State, proof: Proof) -> None:
    """Attempts are counted one by one, however many are made at once.

    At the limit 12.0 writes the count as it was read, plus one, and counts once more.
    10.11 logs that the user is locked out and does not store it.
    """
    user, tries = proof.user, proof.attempts + 1
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
