"""Currencies that there are, and what is said of what is worth too much."""

from decimal import Decimal

import pytest

from crm.errors import Invalid
from crm.models import QuoteLine
from crm.services.documents import quotes_lines
from crm.services.prices import pricing


@pytest.mark.parametrize("code", ["ABC", "XYZ", "EU", "EURO", "€", "12A", "EÜR"])
def test_three_letters_are_not_yet_a_currency(code: str) -> None:
    with pytest.raises(Invalid, match="is not a currency") as told:
        pricing.currency_code(code)

    assert told.value.field == "currency"


@pytest.mark.parametrize(
    ("code", "kept"), [("usd", "USD"), ("CNY", "CNY"), ("JPY", "JPY"), (None, "EUR")]
)
def test_codes_of_iso_4217_are(code: str | None, kept: str) -> None:
    assert pricing.currency_code(code) == kept


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("quote", "A quote is worth at most 1,000,000,000,000."),
        ("invoice", "An invoice is worth at most"),
        ("opportunity", "An opportunity is worth at most"),
        ("order", "An order is worth at most"),
        ("payment", "A payment is worth at most"),
    ],
)
def test_what_is_worth_too_much_is_named(of: str, words: str) -> None:
    with pytest.raises(Invalid) as told:
        pricing.line_amount(Decimal(10**7), Decimal(10**6), of=of)

    assert str(told.value).startswith(words)


def test_a_line_of_a_quote_is_of_a_quote() -> None:
    line = {
        "product_id": 1, "quantity": Decimal(10**7), "unit_price": Decimal(10**6),
        "discount": Decimal(0), "tax_rate": Decimal(0), "description": None,
    }  # fmt: skip

    with pytest.raises(Invalid, match=r"^A quote is"):
        quotes_lines.built(QuoteLine, [line], "EUR")
