"""What the table of lines sends, taken for what it is: input from anywhere."""

from typing import Any

import pytest

from crm.ui.sales.line_cells import applied, removed

BASE = [
    {"product_id": 7, "quantity": "2", "unit_price": "9.99", "discount": "0"},
    {"product_id": 8, "quantity": "1", "unit_price": "5", "discount": "0.1"},
]


def test_cells_change_their_line_only() -> None:
    found = applied(BASE, {"1": {"quantity": 2.5, "description": "Blue"}})

    assert found == [BASE[0], BASE[1] | {"quantity": "2.5", "description": "Blue"}]
    assert BASE[1]["quantity"] == "1"


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("quantity", 0.1, "0.1"),  # as it was typed, not as a float is stored
        ("unit_price", 1e-4, "0.0001"),
        ("discount", 7.7, "0.077"),
        ("discount", None, "0"),
        ("tax_rate", 19, "0.19"),
        ("tax_rate", None, None),
        ("unit_price", None, None),
        ("description", "", None),
        ("description", "x" * 300, "x" * 300),
        ("quantity", "x" * 300, "x" * 40),
    ],
)
def test_a_cell_is_kept_as_its_line_has_it(name: str, sent: Any, kept: Any) -> None:
    assert applied(BASE, {0: {name: sent}})[0][name] == kept


@pytest.mark.parametrize(
    "forged",
    [
        None,
        5,
        "x",
        [{"quantity": 1}],
        {0: None},
        {0: [1]},
        {2: {"quantity": 1}},
        {"-1": {"quantity": 1}},
        {"²": {"quantity": 1}},
        {"9" * 50: {"quantity": 1}},
        {0: {"product_id": 9, "amount": 0, "position": 1, "id": 3, "product": "x"}},
    ],
    ids=str,
)
def test_what_the_table_does_not_have_is_left_out(forged: Any) -> None:
    assert applied(BASE, forged) == BASE
    assert removed(BASE, forged) == []


def test_only_a_tick_takes_a_line_out() -> None:
    sent = {1: {"remove": True}, 0: {"remove": "true"}, 5: {"remove": True}}

    assert removed(BASE, sent) == [1]
