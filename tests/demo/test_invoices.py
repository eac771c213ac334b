"""What the demo company is owed, worked out for a handful of orders."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crm.demo import invoices, money_taxes
from crm.demo.invoices import Bills, draw_bills

TODAY = date(2026, 3, 2)
EURO = 10_000


def orders(*rows: tuple[str, str, str, bool, str, int, int]) -> pd.DataFrame:
    names = ["number", "kind", "of", "is_person", "ordered_on", "net", "tax"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(ordered_on=pd.to_datetime(table["ordered_on"]))


SOLD = ("S1", "sale", "", False, "2025-12-01", 100 * EURO, 19 * EURO)
SENT = ("R1", "return", "S1", False, "2026-01-20", -30 * EURO, -57 * EURO // 10)


@pytest.fixture(autouse=True)
def everybody_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NEVER_PAID", "PARTLY"):
        monkeypatch.setattr(invoices, name, 0.0)
    monkeypatch.setattr(invoices, "SENT_WITHIN", 1)


def drawn(*rows: tuple[str, str, str, bool, str, int, int]) -> Bills:
    return draw_bills(orders(*rows), TODAY, np.random.default_rng(1))


def test_a_sale_is_invoiced_and_paid() -> None:
    bills = drawn(SOLD)

    (invoice,) = bills.invoices.to_dict("records")
    assert invoice["total"] == invoice["paid"] == 119 * EURO
    assert invoice["due_on"] - invoice["issued_on"] == pd.Timedelta(days=30)
    assert bills.payments["method"].tolist() == ["transfer"]


def test_what_was_paid_before_it_came_back_is_refunded() -> None:
    bills = drawn(SOLD, SENT)

    invoice, note = bills.invoices.to_dict("records")
    assert (note["credited"], note["total"]) == ("S1", SENT[5] + SENT[6])
    assert invoice["back"] == note["total"]
    assert bills.payments["amount"].tolist() == [119 * EURO, note["total"]]
    assert invoice["paid"] == invoice["total"] + invoice["back"]


def test_a_return_that_came_first_is_taken_off() -> None:
    early = (*SENT[:4], "2025-12-02", *SENT[5:])

    bills = drawn(SOLD, early)

    assert bills.payments["amount"].tolist() == [119 * EURO + early[5] + early[6]]


def test_an_order_of_today_is_not_invoiced_yet() -> None:
    new = (*SOLD[:4], "2026-03-02", *SOLD[5:])
    old = (*SOLD[:4], "2025-09-01", *SOLD[5:])

    assert drawn(new).invoices.empty
    assert drawn(old).invoices.empty


def test_private_customers_pay_at_once() -> None:
    bills = drawn((*SOLD[:3], True, *SOLD[4:]))

    assert bills.payments["paid_on"].tolist() == bills.invoices["issued_on"].tolist()
    assert bills.payments["method"].tolist() == ["card"]


def test_tax_of_a_sale_and_its_return_is_that_of_what_was_kept() -> None:
    # 3 × 0.33 at 19 % is 0.19 (0.1881); 0.66 of it is 0.13 (0.1254), so 0.06 goes back
    made = pd.DataFrame({"number": ["S1", "R1"], "returns_number": ["", "S1"]})
    lines = pd.DataFrame(
        {
            "order_number": ["S1", "S1", "R1"],
            "sku": ["desk", "coffee", "desk"],
            "quantity": [3, 1, -1],
            "unit_price": [3_300, 100 * EURO, 3_300],
        }
    )

    tax = money_taxes.of_orders(made, lines, pd.Series({"desk": 19, "coffee": 7}))

    assert tax.tolist() == [71_900, -600]
