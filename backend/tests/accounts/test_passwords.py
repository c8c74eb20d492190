import asyncio

from pwdlib.hashers.argon2 import Argon2Hasher
from tests.accounts.conftest import cheap_hasher

from zondarr.accounts.exceptions import BusyError
from zondarr.accounts.passwords import Passwords


async def test_a_password_matches_its_hash_and_no_other(passwords: Passwords) -> None:
    known = await passwords.hash("correct horse battery")
    assert known.startswith("$argon2id$")
    assert await passwords.verify("correct horse battery", known) == (True, None)
    assert await passwords.verify("correct horse batterie", known) == (False, None)


async def test_a_hash_of_other_parameters_is_renewed_when_it_matches(
    passwords: Passwords,
) -> None:
    stronger = Passwords(cheap_hasher(memory_cost=16))
    known = await passwords.hash("correct horse battery")
    right, renewed = await stronger.verify("correct horse battery", known)
    assert right
    assert renewed is not None
    assert await stronger.verify("correct horse battery", renewed) == (True, None)
    assert await stronger.verify("wrong", known) == (False, None)
    stronger.close()


async def test_without_a_hash_one_is_computed_all_the_same(
    passwords: Passwords,
) -> None:
    assert await passwords.verify("whatever", None) == (False, None)
    assert passwords.computed == 1


async def test_whoever_finds_the_line_too_long_is_turned_away_at_once() -> None:
    slow = Argon2Hasher(time_cost=2, memory_cost=16 * 1024, parallelism=1)
    passwords = Passwords(slow, threads=1, waiting=2)
    answers = await asyncio.gather(
        *(passwords.hash("correct horse battery") for _ in range(10)),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, BusyError)]
    assert len(refused) == 7
    assert refused[0].retry_after > 0
    assert await passwords.hash("there is room again")
    passwords.close()


async def test_the_loop_goes_on_while_passwords_are_computed() -> None:
    passwords = Passwords(threads=1)
    turns = 0
    computing = asyncio.ensure_future(passwords.hash("correct horse battery"))
    while not computing.done():
        turns += 1
        await asyncio.sleep(0.001)
    assert turns > 3
    passwords.close()
