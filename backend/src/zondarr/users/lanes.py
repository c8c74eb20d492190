"""One change at a time to an account, across replicas.

A server takes the whole of an account's rights at once: of two who read, change and
send them at the same moment, one would undo the other's.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from zondarr.users.models import User

type Lane = Callable[[str], AbstractAsyncContextManager[None]]
"""`Durable.lane`: those who enter one of the same name wait for each other."""


def lane_of(user: User) -> str:
    return f"account:{user.id}"
