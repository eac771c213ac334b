"""Numbers of documents: in a row, also under a race and after a failure."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

from crm import db
from crm.errors import RuleBroken
from crm.models import Actor
from crm.services.documents.numbers import next_number

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
