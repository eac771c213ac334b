"""What an invoice hangs together with: its order, its quote, the invoice it credits."""

from sqlmodel import Session

from crm.i18n import _
from crm.models import Invoice, Order, OrderKind, Quote

Links = dict[str, tuple[int, str]]  # by the page: id and name


def others(session: Session, invoice: Invoice) -> Links:
    """What is there and in reach of what an invoice came of."""
    found: Links = {}
    order = session.get(Order, invoice.order_id) if invoice.order_id else None
    if order is not None:
        words = _("Order {number}")
        if order.kind is OrderKind.RETURN:
            words = _("Return {number}")
        found["order"] = order.id, words.format(number=order.number)
    if order is not None and order.quote_id:
        quote = session.get(Quote, order.quote_id)
        if quote is not None:
            found["quote"] = quote.id, _("Quote {number}").format(number=quote.number)
    if invoice.credited_id:
        credited = session.get(Invoice, invoice.credited_id)
        if credited is not None:
            label = _("Invoice {number}").format(number=credited.number)
            found["invoice"] = credited.id, label
    return found
