"""The same request sent twice is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm import db
from crm.errors import Duplicate, Invalid
from crm.models import SYSTEM, Actor, Customer, IdempotencyKey, utcnow
from crm.services import idempotency
from crm.services.idempotency import Answer

ANSWER = Answer(201, {"id": 7, "name": "张"}, "/api/v1/customers/7", '"1"')


def remember(actor: Actor, key: str, request: object = "asked") -> None:
    with db.transaction(actor) as session:
        idempotency.remember(session, key, request, ANSWER)


def known(actor: Actor, key: str, request: object = "asked") -> Answer | None:
    with db.reading(actor) as session:
        return idempotency.known(session, key, request)


def test_an_answer_comes_back_whole(alice: Actor) -> None:
    remember(alice, "k")

    assert known(alice, "k") == ANSWER
    assert known(alice, "other") is None


def test_keys_of_two_users_never_meet(alice: Actor, bob: Actor) -> None:
    remember(alice, "k")

    assert known(bob, "k") is None


def test_the_order_of_keys_does_not_tell_requests_apart(alice: Actor) -> None:
    remember(alice, "k", {"a": 1, "b": 2})

    assert known(alice, "k", {"b": 2, "a": 1}) == ANSWER


def test_a_key_with_another_request_is_refused(alice: Actor) -> None:
    remember(alice, "k")

    with pytest.raises(Invalid) as told:
        known(alice, "k", "asked otherwise")

    assert told.value.field == "Idempotency-Key"


@pytest.mark.parametrize("key", ["", "x" * 201, "schlüssel", "a\nb", "a\x00"])
def test_a_key_that_is_none_is_refused(alice: Actor, key: str) -> None:
    with pytest.raises(Invalid):
        known(alice, key)


def test_what_fails_leaves_no_key(alice: Actor) -> None:
    def twice() -> None:
        with db.transaction(alice) as session:
            idempotency.remember(session, "k", "asked", ANSWER)
            idempotency.remember(session, "k", "asked", ANSWER)

    with pytest.raises(Duplicate):
        twice()

    assert known(alice, "k") is None


def test_old_keys_are_dropped(alice: Actor) -> None:
    remember(alice, "k")

    with db.transaction(SYSTEM) as session:
        assert idempotency.forget(session, before=utcnow() - timedelta(1)) == 0
        assert idempotency.forget(session, before=utcnow() + timedelta(1)) == 1

    with db.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 0


@pytest.mark.slow
def test_of_ten_at_once_one_is_done(alice: Actor) -> None:
    def attempt(_number: int) -> str:
        try:
            with db.transaction(alice) as session:
                if idempotency.known(session, "k", "asked"):
                    return "known"
                session.add(Customer(name="One"))
                idempotency.remember(session, "k", "asked", ANSWER)
        except Duplicate:
            return "lost"
        return "done"

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(attempt, range(10)))

    assert outcomes.count("done") == 1
    with db.reading(alice) as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 1
    assert known(alice, "k") == ANSWER


def test_what_a_form_has_made_is_not_made_again(alice: Actor) -> None:
    calls: list[str] = []

    def saved(name: str) -> int:
        with db.transaction(alice) as session:

            def make() -> Customer:
                calls.append(name)
                made = Customer(name=name, owner_id=alice.user_id)
                session.add(made)
                session.flush()
                return made

            asked = {"name": name}
            return idempotency.made_once(session, "k", asked, Customer, make).id

    first = saved("Contoso")

    assert saved("Contoso") == first
    with pytest.raises(Invalid, match="used for another request"):
        saved("Fabrikam")
    assert calls == ["Contoso"]
