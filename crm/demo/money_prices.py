"""Price lists of the demo company, and how it is set up for quotes and invoices."""

from datetime import date
from typing import Any

import pandas as pd

from crm.demo import team

STEPS = {1: 0.08, 10: 0.13, 50: 0.18}  # from a quantity on, off the list price
CENT = 100  # ten-thousandths
PROFILE: dict[str, Any] = {
    "name": team.NAME,
    "address": "Speicherstraße 12\n20457 Hamburg\nGermany",
    "tax_number": "DE 000 000 000",
    "email": "hello@larkfield.example.com",
    "phone": "+49 40 66969 100",
    "bank": "Larkfield Coffee & Office · IBAN DE00 0000 0000 0000 0000 00",
    "tax_rate": "0.19",
    "payment_days": 30,
    "quote_days": 30,
    "quote_terms": "Delivery within two weeks of your order, free of charge.",
    "invoice_terms": "Please give the number of the invoice with your payment.",
}
FORM: dict[str, Any] = {
    "name": "Website: offices",
    "title": "Coffee and supplies for your office",
    "intro": "Tell us about your office; we call you back within one working day.",
    "thanks": "Thank you! Somebody of our field sales will be in touch with you soon.",
    "source": "web",
    "asks": ["company", "email", "phone", "notes"],
}


def lists(today: date) -> list[dict[str, Any]]:
    """The price lists, by name and validity."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    return [
        {"name": f"Retail {today.year}", "valid_from": first, "valid_until": last},
        {"name": "Wholesale", "valid_from": first},
    ]


def prices(products: pd.DataFrame) -> list[list[tuple[str, int, int]]]:
    """For each list: SKU, smallest quantity, price in ten-thousandths."""
    listed = list(zip(products["sku"], products["price"].astype(int), strict=True))
    wholesale = [
        (sku, quantity, round(price * (1 - off) / CENT) * CENT)
        for sku, price in listed
        for quantity, off in STEPS.items()
    ]
    return [[(sku, 1, price) for sku, price in listed], wholesale]
