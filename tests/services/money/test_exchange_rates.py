"""Rates are entered, changed and deleted by those who may, one of each day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.errors import Duplicate, Forbidden, Invalid, Stale
from crm.models import Actor, ExchangeRate, ExchangeRateFields
from crm.services import records
from crm.services.money import exchange_rates
from tests import make

DAY = date(2026, 3, 1)


def form(**fields: Any) -> ExchangeRateFields:
    given = {"currency": "usd", "rate_on": "2026-03-01", "rate": "0.92"}
    return records.valid(ExchangeRateFields, given | fields)


def put(actor: Actor, **fields: Any) -> ExchangeRate:
    with db.transaction(actor) as session:
        return exchange_rates.put(session, form(**fields))


def of_day(actor: Actor, currency: str = "USD") -> ExchangeRate | None:
    with db.reading(actor) as session:
        return exchange_rates.of_day(session, currency, DAY)


def test_a_rate_takes_the_place_of_the_one_of_that_day(admin: Actor) -> None:
    first = put(admin, source="bank")
    second = put(admin, rate="0.123456789049")

    found = of_day(admin)
    assert found is not None
    assert (first.id, second.id) == (found.id, found.id)
    assert (found.rate, found.version) == (Decimal("0.1234567890"), 2)
    with pytest.raises(Duplicate), db.transaction(admin) as session:
        exchange_rates.create(session, form())


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"currency": "EUR"}, "book currency"),
        ({"currency": "€€€"}, "is not a currency"),
        ({"rate": "0"}, "does not fit"),
        ({"rate": "1e-11"}, "above 0"),
        ({"rate": "100000000"}, "below 100,000,000"),
        ({"rate": "NaN"}, "not a number|does not fit"),
        ({"rate_on": "0001-01-01"}, "year"),
    ],
)
def test_what_is_no_rate_is_refused(
    admin: Actor, fault: dict[str, str], words: str
) -> None:
    with pytest.raises(Invalid, match=words):
        put(admin, **fault)


def test_only_administrators_and_managers_enter_rates(alice: Actor) -> None:
    made = make.rate("USD", "2026-03-01", "0.9")

    assert of_day(alice) is not None
    for fields in ({}, {"rate_on": "2026-03-02"}):
        with pytest.raises(Forbidden):
            put(alice, **fields)
    with pytest.raises(Forbidden), db.transaction(alice) as session:
        exchange_rates.remove(session, made.id)
    manager = make.actor("Mary", role="manager")
    assert put(manager, rate_on="2026-03-02").rate == Decimal("0.92")
    with db.transaction(manager) as session:
        exchange_rates.remove(session, made.id)
    assert of_day(alice) is None


def test_who_has_read_an_earlier_one_is_told(admin: Actor) -> None:
    made = put(admin)
    put(admin, rate="0.93")

    with pytest.raises(Stale), db.transaction(admin) as session:
        exchange_rates.update(session, made.id, {"rate": "0.94"}, version=1)


def test_rates_are_listed_by_currency_and_day_the_latest_first(admin: Actor) -> None:
    for currency, day in (("USD", "01"), ("USD", "03"), ("CHF", "02")):
        make.rate(currency, f"2026-03-{day}", "0.9")

    with db.reading(admin) as session:
        ask: dict[str, Any] = {"since": DAY, "until": date(2026, 3, 2)}
        rows = exchange_rates.listed(session, **ask)
        assert [row.currency for row in rows] == ["CHF", "USD"]
        assert exchange_rates.count(session, **ask) == 2
        assert exchange_rates.count(session, currency="USD") == 2
        one_day = {"since": DAY, "until": DAY}
        assert exchange_rates.count(session, **one_day) == 1
        assert exchange_rates.ends(session) == {
            "CHF": (date(2026, 3, 2), date(2026, 3, 2)),
            "USD": (DAY, date(2026, 3, 3)),
        }
        history = exchange_rates.history(session, "USD")
    assert [day for day, _rate in history] == [DAY, date(2026, 3, 3)]


def test_a_rate_can_be_turned_round() -> None:
    assert exchange_rates.turned(Decimal("1.0844")) == Decimal("0.9221689414")
    for odd in ("0", "-1", "Infinity", "1e-99999", "1e99999"):
        with pytest.raises(Invalid):
            exchange_rates.turned(Decimal(odd))
