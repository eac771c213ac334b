"""The book currency stays what it is once something is worth anything in it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.config import settings
from crm.errors import RuleBroken
from crm.models import (
    SYSTEM,
    Actor,
    Campaign,
    ForecastCategory,
    ForecastOverride,
    Period,
    Product,
)
from crm.services.admin import preferences
from crm.services.money import book
from tests import make


def settled() -> str:
    with db.transaction(SYSTEM) as session:
        book.settle(session)
        return str(preferences.get(session, book.MARK))


@pytest.fixture
def books_in(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set another book currency."""

    def change(code: str) -> None:
        monkeypatch.setenv("CRM_CURRENCY", code)
        settings.cache_clear()

    return change


def test_it_may_change_while_nothing_is_worth_anything(books_in: Any) -> None:
    make.customer()
    assert settled() == "EUR"
    books_in("USD")

    assert settled() == "USD"


@pytest.mark.parametrize("what", ["order", "rate", "binned"])
def test_it_may_not_once_something_is(books_in: Any, what: str) -> None:
    settled()
    if what == "rate":
        make.rate("CHF", "2026-03-01", "1.05")
    else:
        more = {"deleted_at": make.NOON} if what == "binned" else {}
        make.order(make.customer(), **more)
    books_in("USD")

    with pytest.raises(RuleBroken, match="in EUR, and CRM_CURRENCY says USD"):
        settled()
    books_in("EUR")
    assert settled() == "EUR"


@pytest.mark.parametrize("what", ["product", "campaign", "override"])
def test_amounts_beside_documents_hold_it_too(
    books_in: Any, admin: Actor, what: str
) -> None:
    settled()
    with db.transaction(admin) as session:
        session.add(
            {
                "product": Product(name="Lamp", sku="L1", price=Decimal(10)),
                "campaign": Campaign(name="Spring", cost=Decimal(10)),
                "override": ForecastOverride(
                    period=Period.MONTH,
                    starts_on=date(2026, 3, 1),
                    category=ForecastCategory.COMMIT,
                    amount=Decimal(10),
                ),
            }[what]
        )
    books_in("USD")

    with pytest.raises(RuleBroken, match="in EUR"):
        settled()


def test_a_product_without_a_price_does_not(books_in: Any, admin: Actor) -> None:
    settled()
    with db.transaction(admin) as session:
        session.add(Product(name="Lamp", sku="L1"))
        session.add(Campaign(name="Spring"))
    books_in("USD")

    assert settled() == "USD"


def test_older_books_are_in_what_is_set(books_in: Any) -> None:
    make.order(make.customer())
    books_in("USD")

    assert settled() == "USD"
