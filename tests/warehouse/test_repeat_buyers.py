"""The frames of repeat buying: days with a sale, in figures by hand."""

import pandas as pd
import pytest

from crm import frames, warehouse
from crm.models import Customer, OrderKind, OrderStatus, Product
from tests import make
from tests.warehouse.copies import AS_OF, frame, ids, order, row

EVERY_FRAME = [
    ("repeat_buyers", (AS_OF,), frames.REPEAT_BUYERS),
    ("repeat_days", (AS_OF, AS_OF), frames.REPEAT_DAYS),
]


@pytest.fixture
def desk(database: str) -> Product:
    return make.product(name="Desk")


@pytest.fixture
def acme(desk: Product) -> Customer:
    """Bought on 3 days up to 1 March: for 80 and 20, for 50, for 60; 30 came back."""
    acme = make.customer(name="Acme")
    order(acme, "2026-01-10", (desk, 1, "80"))
    order(acme, "2026-01-10", (desk, 1, "20"))
    order(acme, "2026-01-30", (desk, 5, "10"))
    order(acme, "2026-02-05", (desk, -3, "10"), kind=OrderKind.RETURN)
    order(acme, "2026-02-19", (desk, 1, "60"))
    order(acme, "2026-03-15", (desk, 1, "90"))
    order(acme, "2026-02-10", (desk, 9, "1"), status=OrderStatus.CANCELLED)
    return acme


@pytest.mark.parametrize(("name", "days", "schema"), EVERY_FRAME)
def test_frames_are_typed_also_when_empty(
    database: str, name: str, days: tuple[object, ...], schema: frames.Schema
) -> None:
    table = frame(name, *days)

    assert {column: str(kind) for column, kind in table.dtypes.items()} == schema
    assert len(table) == 0


def test_a_repeat_buyer_in_figures(acme: Customer) -> None:
    assert row(frame("repeat_buyers", AS_OF), acme) == {
        "customer_id": acme.id,
        "x": 2,
        "t_x": 40,
        "T": 50,
        "value": 70.0,  # 210 on 3 days
        "revenue": 180.0,
    }


def test_who_has_bought_once_has_no_repeats(acme: Customer, desk: Product) -> None:
    bea = make.customer(name="Bea")
    order(bea, "2026-03-01", (desk, 1, "5"))

    found = row(frame("repeat_buyers", AS_OF), bea)

    assert (found["x"], found["t_x"], found["T"]) == (0, 0, 0)


def test_who_has_only_sent_back_is_no_buyer(acme: Customer, desk: Product) -> None:
    bea = make.customer(name="Bea")
    order(bea, "2026-02-20", (desk, -1, "80"), kind=OrderKind.RETURN)

    assert ids(frame("repeat_buyers", AS_OF), "customer_id") == [acme.id]


def test_days_count_who_came_and_who_came_again(acme: Customer, desk: Product) -> None:
    bea = make.customer(name="Bea")
    order(bea, "2026-01-30", (desk, 1, "5"))

    table = frame("repeat_days", AS_OF, AS_OF)

    days = [pd.Timestamp(day) for day in ("2026-01-10", "2026-01-30", "2026-02-19")]
    assert table["day"].tolist() == days
    assert table["first"].tolist() == [1, 1, 0]
    assert table["repeats"].tolist() == [0, 1, 1]


def test_who_came_later_is_not_of_the_cohort(acme: Customer, desk: Product) -> None:
    bea = make.customer(name="Bea")
    order(bea, "2026-01-30", (desk, 1, "5"))
    order(bea, "2026-02-19", (desk, 1, "5"))

    warehouse.refresh()
    with warehouse.reading() as house:
        table = house.repeat_days(AS_OF, pd.Timestamp("2026-01-29").date())

    assert table["repeats"].tolist() == [0, 1, 1]
    assert table["first"].sum() == 1
