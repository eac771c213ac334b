"""Amounts in cards are short where a card would cut them."""

from decimal import Decimal

import pytest

from crm.ui.cards import brief


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1234.5", "€1,234.50"),
        ("1234567.89", "€1,234,567.89"),
        ("-1234567.89", "-€1,234,567.89"),
        ("12345678.9", "€12,345,678.90"),
        ("123456789.5", "€123.46M"),
        ("987654321.5", "€987.65M"),
    ],
)
def test_an_amount_fits_into_a_card(amount: str, words: str) -> None:
    assert brief(Decimal(amount), "EUR") == words


def test_no_amount_is_a_dash() -> None:
    assert brief(None) == "–"
