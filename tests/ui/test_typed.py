"""Numbers as people type them: a comma is a group of thousands, or a refusal."""

import pytest

from crm.ui.sales import invoice_booking
from crm.ui.typed import ungrouped


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1,234,567.50", "1234567.50"),
        (" 1 234.5 ", "1234.5"),
        ("1\N{NARROW NO-BREAK SPACE}234", "1234"),
        ("-1,000", "-1000"),
        ("", ""),
        ("1,5", "1,5"),
        ("1000,50", "1000,50"),
        ("1,23,456", "1,23,456"),
        ("1.234,5", "1.234,5"),
    ],
)
def test_only_commas_between_groups_of_thousands_go(typed: str, read: str) -> None:
    assert ungrouped(typed) == read


def test_cents_after_a_comma_are_no_payment_of_a_hundred_times_as_much() -> None:
    assert invoice_booking.amount("1000,50") == "1000,50"
