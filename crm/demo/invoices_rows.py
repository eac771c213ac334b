"""Invoices, credit notes and payments of the demo company as rows of their tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pandas as pd

from crm.demo.rows import amount, filled
from crm.models import Invoice, InvoiceKind, Payment, PaymentMethod
from crm.models.search import search_key
from crm.services.money import exchange
from crm.services.money.exchange import Dated

REASON = "The goods came back."
COPIED = ("product_id", "unit_price", "discount", "tax_rate", "quantity", "amount")
Row = dict[str, Any]
Rate = Callable[[str, date], Dated | None]


@dataclass(frozen=True)
class Usual:
    """What invoices have in common: addresses by customer, terms, and rates."""

    recipients: Mapping[int, str]
    terms: str
    rate: Rate


def invoice(row: Row, usual: Usual, credited_id: int | None) -> Row:
    """One invoice, or credit note, of `Bills.invoices` with its number (`name`).

    What follows from other fields is worked out here: `Invoice.prepare` also refuses
    changes, for which it needs a record.
    """
    is_note, on = row["credited"] != "", row["issued_on"].date()
    net, total, paid, back = (
        amount(row[one]) for one in ("net", "total", "paid", "back")
    )
    priced = _priced(row["currency"], on, usual.rate)
    made = {
        "kind": InvoiceKind.CREDIT_NOTE if is_note else InvoiceKind.INVOICE,
        "number": row["name"],
        "customer_id": row["customer_id"],
        "order_id": row["order_id"],
        "credited_id": credited_id,
        "issued_on": on,
        "due_on": None if is_note else row["due_on"].date(),
        "recipient": usual.recipients[row["customer_id"]],
        "terms": REASON if is_note else usual.terms,
        "net": net,
        "tax": amount(row["tax"]),
        "total": total,
        "paid": paid,
        "credited": back,
        "balance": Decimal(0) if is_note else total + back - paid,
        "base_total": exchange.worth(net, row["currency"], priced["rate"]),
        "search_key": search_key(row["name"]),
    }
    return filled(Invoice, made | priced, datetime.combine(on, time(9), UTC))


def lines(
    table: pd.DataFrame, held: Mapping[int, list[Row]], ids: Mapping[str, int]
) -> list[Row]:
    """The lines of invoices: those of their orders.

    Of a credit note each stands where the line does that it credits.

    Args:
        table: `Bills.invoices` with `order_id`.
        held: the lines of orders by the order.
        ids: of invoices, by the number of the order.
    """
    orders = dict(zip(table["number"], table["order_id"].tolist(), strict=True))
    rows = []
    for number, credited in zip(table["number"], table["credited"], strict=True):
        sold = held[orders[credited or number]]
        place = {line["product_id"]: line["position"] for line in sold}
        for line in held[orders[number]]:
            copied = {name: line[name] for name in COPIED}
            linked = {"invoice_id": ids[number], "order_line_id": line["id"]}
            position = {"position": place[line["product_id"]]}
            rows.append(copied | linked | position)
    return rows


def payment(row: Row, invoice_id: int, rate: Rate) -> Row:
    """One payment of `Bills.payments`, with the number of its invoice (`name`)."""
    on, reference = row["paid_on"].date(), row["name"]
    made = {
        "reference": reference,
        "search_key": search_key(reference),
        "invoice_id": invoice_id,
        "customer_id": row["customer_id"],
        "paid_on": on,
        "amount": amount(row["amount"]),
        "method": PaymentMethod(row["method"]),
    }
    priced = _priced(row["currency"], on, rate)
    worth = exchange.worth(made["amount"], row["currency"], priced["rate"])
    at = datetime.combine(on, time(12), UTC)
    return filled(Payment, made | priced | {"base_amount": worth}, at)


def _priced(currency: str, on: date, rate: Rate) -> Row:
    found = rate(currency, on)
    known = dict(zip(("rate", "rate_on"), found or (None, None), strict=True))
    return {"currency": currency} | known
