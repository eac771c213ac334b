"""Guessing becomes slow, for whoever guesses and for nobody else."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from crm import db
from crm.errors import TooMany
from crm.models import SYSTEM
from crm.services.admin import throttle
from tests.make import NOON

ALICE = "account:alice"
OFFICE = "address:192.0.2.7"


def attempt(*keys: str, at: datetime = NOON) -> int:
    """Make an attempt; 0 if it was let through, else the seconds to wait."""
    try:
        with db.transaction(SYSTEM) as session:
            throttle.count(session, *keys, at=at)
    except TooMany as error:
        return error.retry_after
    return 0


def test_five_attempts_are_free_and_then_one_waits(database: str) -> None:
    waits = [attempt(ALICE) for _ in range(7)]

    assert waits == [0, 0, 0, 0, 0, 30, 30]


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(database: str) -> None:
    for _ in range(4):
        attempt(ALICE)
    now, waits = NOON, []
    for _ in range(8):
        assert attempt(ALICE, at=now) == 0
        waits.append(attempt(ALICE, at=now))
        now += timedelta(seconds=waits[-1])

    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_other_accounts_are_unaffected(database: str) -> None:
    for _ in range(10):
        attempt(ALICE, OFFICE)

    assert attempt("account:bob", OFFICE) == 0


@pytest.mark.slow
def test_an_address_that_tries_many_accounts_waits(database: str) -> None:
    waits = [attempt(f"account:{n}", OFFICE) for n in range(41)]

    assert waits[:40] == [0] * 40
    assert waits[40] == 30
    assert attempt("account:0", "address:198.51.100.1") == 0


@pytest.mark.slow
def test_a_success_takes_the_attempt_back(database: str) -> None:
    for _ in range(39):
        attempt(OFFICE)
    for _ in range(3):
        assert attempt(ALICE, OFFICE) == 0
        with db.transaction(SYSTEM) as session:
            throttle.forgive(session, ALICE, OFFICE)

    assert attempt(OFFICE) == 0
    assert attempt(OFFICE) == 30


def test_failures_are_forgotten_after_a_day(database: str) -> None:
    for _ in range(10):
        attempt(ALICE)

    tomorrow = NOON + timedelta(days=1, seconds=1)
    assert [attempt(ALICE, at=tomorrow) for _ in range(6)] == [0, 0, 0, 0, 0, 30]


def test_guesses_sent_at_once_are_all_counted(database: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: attempt(ALICE, OFFICE), range(16)))

    assert waits.count(0) == 5


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("::ffff:192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
        ("fe80::1%eth0", "address:fe80::/64"),
        ("testclient", "address:unknown"),
        (None, "address:unknown"),
    ],
)
def test_an_address_stands_for_its_network(address: str | None, key: str) -> None:
    assert throttle.address_key(address) == key


def test_the_key_of_an_account_hides_the_email(database: str) -> None:
    key = throttle.account_key("Ada@Example.com")

    assert "ada" not in key
    assert key == throttle.account_key("ada@example.com")
    assert key != throttle.account_key("ada@example.com", known_from="192.0.2.7")
