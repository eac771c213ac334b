"""What stands on a paper, whatever record it comes from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class PaperLine:
    """A quantity of one product; `discount` and `tax_rate` are shares, 0 to 1.

    `amount` is what the line costs after the discount, before tax.
    """

    position: int
    sku: str
    text: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax_rate: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Paper:
    """A document that we send: nothing on it is looked up or computed later.

    `kind` is quote, order, invoice or credit_note; `revision` counts the versions of
    a quote. `language` is the recipient's, a key of `crm.i18n.LANGUAGES`. `until` is
    the last day of a quote, or when an invoice is due. `sender` and `recipient` are
    addresses line by line, the name first. `reference` is the number of the order,
    or of the invoice that a credit note is for. `taxes` are (rate, amount) with rates
    from 0 to 1; `paid` is what came in for an invoice so far. All sums are in
    `currency`, negative on a credit note, and printed as they are, never rounded.
    """

    kind: str
    number: str
    revision: int | None
    language: str
    currency: str
    issued_on: date
    until: date | None
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    reference: str | None
    lines: tuple[PaperLine, ...]
    net: Decimal
    taxes: tuple[tuple[Decimal, Decimal], ...]
    total: Decimal
    intro: str | None
    terms: str | None
    paid: Decimal | None = None
