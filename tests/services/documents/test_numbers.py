"""Numbers of documents: in a row, also under a race and after a failure."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import pytest

from crm import db
from crm.demo import money_numbers
from crm.errors import RuleBroken
from crm.models import SYSTEM, Actor
from crm.services.documents import quotes
from crm.services.documents.numbers import next_number
from tests import make
from tests.meanwhile import meanwhile
from tests.services.offers import written

DAY = date(2026, 3, 1)


def given(actor: Actor, kind: str = "invoice", day: date = DAY) -> str:
    with db.transaction(actor) as session:
        return next_number(session, kind, day)


def test_numbers_run_on_within_a_kind_and_a_year(alice: Actor) -> None:
    assert [given(alice), given(alice)] == ["INV-2026-00001", "INV-2026-00002"]
    assert given(alice, day=date(2027, 1, 1)) == "INV-2027-00001"
    assert given(alice, "credit_note") == "CN-2026-00001"


def test_a_number_is_given_back_when_its_transaction_fails(alice: Actor) -> None:
    with suppress(RuleBroken), db.transaction(alice) as session:
        assert next_number(session, "invoice", DAY) == "INV-2026-00001"
        raise RuleBroken("no")
    assert given(alice) == "INV-2026-00001"


def test_no_number_is_missing_or_given_twice_when_many_ask_at_once(
    alice: Actor,
) -> None:
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _turn: given(alice), range(12)))
    assert sorted(numbers) == [f"INV-2026-{one:05}" for one in range(1, 13)]


def given_back() -> None:
    """The demo company goes, and with it the numbers that only it had."""
    with db.transaction(SYSTEM) as session:
        money_numbers.give_back(session)


@pytest.mark.servers
def test_a_number_used_while_others_are_given_back_stays_used(alice: Actor) -> None:
    """Else the series would come to it once more, and get stuck there."""
    customer = make.customer(alice)
    given(alice, "quote")

    with meanwhile(quotes, "next_number", given_back):
        written(alice, customer)

    assert given(alice, "quote") == "Q-2026-00003"


@pytest.mark.servers
def test_a_number_is_had_while_others_are_given_back(alice: Actor) -> None:
    given(alice)

    with (
        meanwhile(money_numbers, "give_back", lambda: given(alice)) as other,
        db.transaction(SYSTEM) as session,
    ):
        money_numbers.give_back(session)

    assert other() == "INV-2026-00001"
