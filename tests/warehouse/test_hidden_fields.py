"""What is hidden is empty in the figures, too, and results of others are not shown."""

from dataclasses import replace

import pytest
from sqlmodel import select

from crm import db, warehouse
from crm.models import Actor, Analysis
from crm.services import analyses
from crm.services.analyses import Made
from tests import make
from tests.warehouse.copies import AS_OF, order

HIDDEN = frozenset({"customer.country", "product.category", "customer.email"})


@pytest.fixture
def sold(database: str) -> None:
    """One German customer bought coffee, once."""
    coffee = make.product(name="Coffee", category="Drinks")
    order(make.customer(country="DE", sector="Food"), "2026-01-10", (coffee, 1, "5"))
    warehouse.refresh()


def test_a_hidden_field_is_empty_in_the_frames(sold: None) -> None:
    for only in (None, [1]):
        with warehouse.reading(only, hidden=HIDDEN) as house:
            (customer,) = house.customers().to_dict("records")
            (product,) = house.products().to_dict("records")

        assert customer["country"] != customer["country"] or not customer["country"]
        assert customer["sector"] == "Food"
        assert product["name"] == "Coffee"
        assert product["category"] != product["category"] or not product["category"]


def test_nothing_is_grouped_by_a_hidden_field(sold: None) -> None:
    for by, shown in (("country", "DE"), ("category", "Drinks")):
        with warehouse.reading() as house:
            assert shown in str(house.groups_by_day(AS_OF, by, top=3))  # type: ignore[arg-type]  # of a few words
        with warehouse.reading(hidden=HIDDEN) as house:
            assert shown not in str(house.groups_by_day(AS_OF, by, top=3))  # type: ignore[arg-type]  # of a few words


def test_results_of_others_are_not_shown_where_they_may_tell_of_it(
    admin: Actor, viewer: Actor
) -> None:
    made = Analysis(kind="segmentation", as_of=AS_OF)
    with db.transaction(admin) as session:
        analyses.store(session, made, Made({}, {}).tables)

    for hidden, count in (("customer.country", 0), ("customer.email", 1)):
        blind = replace(viewer, hidden=frozenset({hidden}))
        with db.reading(blind) as session:
            assert len(session.exec(select(Analysis)).all()) == count
