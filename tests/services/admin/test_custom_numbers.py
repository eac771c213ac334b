"""Numbers of custom fields beside the customers of an analysis."""

import pandas as pd

from crm import db
from crm.models import Actor, CustomKind
from crm.services.admin import custom_fields, custom_numbers
from tests import make

KINDS = {
    "Staff": CustomKind.NUMBER,
    "Budget": CustomKind.MONEY,
    "Nickname": CustomKind.TEXT,
}


def fields(admin: Actor) -> None:
    with db.transaction(admin) as session:
        for label, kind in KINDS.items():
            custom_fields.add(session, "customer", label, kind)


def hold(admin: Actor, customer_id: int, **values: object) -> None:
    with db.transaction(admin) as session:
        custom_fields.store(session, "customer", customer_id, values)


def read(actor: Actor, ids: list[int], *names: str) -> pd.DataFrame:
    with db.reading(actor) as session:
        table = pd.DataFrame({"customer_id": ids})
        return custom_numbers.with_values(session, table, names)


def test_only_fields_that_hold_numbers_are_offered(admin: Actor) -> None:
    fields(admin)

    with db.reading(admin) as session:
        assert custom_numbers.labels(session) == {
            "x_staff": "Staff",
            "x_budget": "Budget",
        }


def test_values_stand_beside_their_customers(admin: Actor) -> None:
    fields(admin)
    first, second = make.customer().id, make.customer().id
    hold(admin, second, x_staff="12.5", x_budget="3000")

    table = read(admin, [second, first], "x_staff", "x_budget")

    assert table["customer_id"].tolist() == [second, first]
    assert table.iloc[0][["x_staff", "x_budget"]].tolist() == [12.5, 3000]
    assert table.iloc[1].isna().tolist() == [False, True, True]


def test_where_nobody_has_a_value_all_are_empty(admin: Actor) -> None:
    fields(admin)

    table = read(admin, [make.customer().id], "x_staff")

    assert table["x_staff"].dtype == "float64"
    assert table["x_staff"].isna().all()


def test_a_field_that_is_gone_is_empty(admin: Actor) -> None:
    table = read(admin, [make.customer().id], "x_gone")

    assert table["x_gone"].isna().all()


def test_values_of_customers_that_are_not_asked_for_stay_out(admin: Actor) -> None:
    fields(admin)
    mine, other = make.customer().id, make.customer().id
    hold(admin, other, x_staff="7")

    assert read(admin, [mine], "x_staff")["x_staff"].isna().all()


def test_without_fields_nothing_is_added(admin: Actor) -> None:
    assert read(admin, [1]).columns.tolist() == ["customer_id"]
