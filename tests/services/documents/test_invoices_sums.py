"""Money that adds up, whatever it is cut into and in whatever order it comes."""

from contextlib import suppress
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from crm import db
from crm.errors import RuleBroken
from crm.models import Actor, InvoiceKind, InvoiceLine, OrderLine, PaymentFields
from crm.services import records
from crm.services.documents import invoices, orders, payments
from crm.services.documents.invoiced import Standing
from crm.services.documents.invoices_sums import Family, closing_tax, share
from crm.services.prices.pricing import offered_amount, rounded, totals
from tests import make

CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD"])  # none, two and three places
RATES = st.sampled_from([Decimal(0), Decimal("0.07"), Decimal("0.19"), Decimal("0.2")])
QUANTITIES = st.decimals("0.0001", 10_000, places=4)
PRICES = st.decimals(0, 10_000, places=4)
CUTS = st.lists(st.integers(0, 100), min_size=1, max_size=5)


@st.composite
def offers(draw: st.DrawFn) -> tuple[str, list[OrderLine]]:
    """Lines of an order as they were offered, in one currency."""
    currency = draw(CURRENCIES)
    lines = []
    for _turn in range(draw(st.integers(1, 4))):
        quantity, price = draw(QUANTITIES), draw(PRICES)
        discount = draw(st.sampled_from([Decimal(0), Decimal("0.125")]))
        amount = offered_amount(quantity, price, discount, currency, of="order")
        rate = draw(RATES)
        lines.append(OrderLine(quantity=quantity, amount=amount, tax_rate=rate))
    return currency, lines


def portions(whole: Decimal, cuts: list[int]) -> list[Decimal]:
    """`whole` cut at some hundredths of it, exact to four places."""
    marks = [(whole * cut / 100).quantize(Decimal("0.0001")) for cut in sorted(cuts)]
    return [b - a for a, b in pairwise([Decimal(0), *marks, whole])]


@pytest.mark.slow
@pytest.mark.parametrize("sign", [1, -1])
@given(order=offers(), cuts=CUTS)
def test_partial_documents_make_the_whole(
    sign: int, order: tuple[str, list[OrderLine]], cuts: list[int]
) -> None:
    """Invoices add up to the order, credit notes to the invoice: net and tax."""
    currency, lines = order
    standing = [Standing() for _line in lines]
    family = Family({}, Decimal(0))
    for part in range(len(cuts) + 1):
        made = []
        for place, line in enumerate(lines):
            quantity = portions(line.quantity, cuts)[part]
            whole = Standing(line.quantity, line.amount)
            amount = share(whole, standing[place], quantity, currency)
            assert rounded(amount, currency) == amount >= 0
            standing[place] = Standing(
                standing[place].quantity + quantity, standing[place].amount + amount
            )
            made.append(InvoiceLine(amount=sign * amount, tax_rate=line.tax_rate))
        tax = closing_tax(family, made, currency)
        assert rounded(tax, currency) == tax
        net = dict(family.net)
        for one in made:
            net[one.tax_rate] = net.get(one.tax_rate, Decimal(0)) + one.amount
        family = Family(net, family.tax + tax)

    due = totals(lines, currency)
    assert sum(family.net.values()) == sign * due.net
    assert family.tax == sign * due.tax
    assert [one.amount for one in standing] == [line.amount for line in lines]


DEEDS = st.lists(
    st.tuples(st.sampled_from(["issue", "credit", "pay", "void"]), st.integers(1, 9)),
    min_size=3,
    max_size=8,
)


@pytest.mark.slow
@settings(max_examples=5)
@given(deeds=DEEDS, currency=st.sampled_from(["JPY", "EUR"]))
def test_whatever_happens_the_balance_is_what_is_left(
    alice: Actor, deeds: list[tuple[str, int]], currency: str
) -> None:
    """total + credited - paid = balance, and no order is invoiced beyond itself."""
    product = make.product()
    order = make.order(make.customer(alice), (product, 9, "33"), currency=currency)
    for deed, size in deeds:
        with suppress(RuleBroken), db.transaction(alice) as session:
            do(session, deed, order.id, Decimal(size))

    with db.reading(alice) as session:
        documents = invoices.of_order(session, order.id)
        for one in documents:
            notes = invoices.credit_notes(session, one.id)
            received = payments.of_invoice(session, one.id)
            paid = sum(p.amount for p in received if p.voided_at is None)
            assert one.credited == sum(note.total for note in notes)
            if one.kind is InvoiceKind.INVOICE:
                assert one.balance == one.total + one.credited - paid
    assert 0 <= sum(one.net for one in documents) <= order.total


def do(session: Session, deed: str, order_id: int, size: Decimal) -> None:
    """Something about the line of an order, its first invoice or payment."""
    day = make.NOON.date()
    (line,) = orders.order(session, order_id).lines
    if deed == "issue":
        invoices.issue(session, order_id, on=day, quantities={line.id: size})
    if not (found := invoices.of_order(session, order_id)):
        return
    first = invoices.invoice(session, found[0].id)
    received = payments.of_invoice(session, first.id)
    if deed == "pay":
        fields = {"invoice_id": first.id, "amount": size * 10}
        payments.record(session, records.valid(PaymentFields, fields))
    elif deed == "void" and received:
        payments.void(session, received[0].id, "x")
    elif deed == "credit":
        some = {first.lines[0].id: size / 4}
        invoices.credit(session, first.id, on=day, quantities=some, reason="x")
