"""The words and figures of a paper, in the language of whoever receives it."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from crm.i18n import N_, _, current, language
from crm.services.documents.papers.figures import bare, day, money, percent, quantity
from crm.services.documents.papers.paper import Paper, PaperLine

Words = dict[str, Any]  # as JSON has it

TITLES = {
    "quote": N_("Quote"),
    "order": N_("Order confirmation"),
    "invoice": N_("Invoice"),
    "credit_note": N_("Credit note"),
}
REFERENCES = {"invoice": N_("Order number"), "credit_note": N_("Invoice number")}


def worded(paper: Paper) -> Words:
    """What `paper.typ` sets: text only, each piece as it is to be printed."""
    with language(paper.language):
        title = _(TITLES[paper.kind])
        columns = _columns(paper)
        return {
            "language": current().partition("_")[0],
            "region": current().partition("_")[2] or None,
            "title": title,
            "name": f"{title} {paper.number}",
            "issued_on": paper.issued_on.timetuple()[:3],
            "sender": _typed("\n".join(paper.sender)),
            "recipient": _typed("\n".join(paper.recipient)),
            "facts": _facts(paper),
            "intro": _typed(paper.intro or ""),
            "headings": [_("No."), _("Description"), *columns],
            "lines": [_line(line, columns.values()) for line in paper.lines],
            "sums": _sums(paper),
            "payment": _payment(paper) if paper.kind == "invoice" else None,
            "terms_title": _("Terms"),
            "terms": _typed(paper.terms or ""),
            "page": _("Page {page} of {pages}"),
        }


def _facts(paper: Paper) -> list[tuple[str, str]]:
    """Label and value of what tells this paper from others."""
    version = None if paper.revision is None else str(paper.revision)
    until = _("Valid until") if paper.kind == "quote" else _("Due on")
    facts = [
        (_("Number"), paper.number),
        (_("Version"), version),
        (_("Date"), day(paper.issued_on)),
        (until, paper.until and day(paper.until)),
        (_(REFERENCES.get(paper.kind, N_("Reference"))), paper.reference),
    ]
    return [(label, value) for label, value in facts if value]


def _columns(paper: Paper) -> dict[str, Callable[[PaperLine], str]]:
    """What stands right of a line's text, under which heading."""
    price, amount = (
        _("{label} ({currency})").format(label=label, currency=paper.currency)
        for label in (_("Unit price"), _("Amount"))
    )
    columns: dict[str, Callable[[PaperLine], str]] = {
        _("Quantity"): lambda line: quantity(line.quantity),
        price: lambda line: bare(line.unit_price, paper.currency),
    }
    if any(line.discount for line in paper.lines):
        columns[_("Discount")] = lambda line: percent(line.discount, zero="")
    columns[_("Tax rate")] = lambda line: percent(line.tax_rate)
    columns[amount] = lambda line: bare(line.amount, paper.currency)
    return columns


def _line(line: PaperLine, columns: Iterable[Callable[[PaperLine], str]]) -> Words:
    return {
        "position": str(line.position),
        "text": _typed(line.text),
        "sku": line.sku,
        "figures": [figure(line) for figure in columns],
    }


def _sums(paper: Paper) -> list[tuple[str, str, str]]:
    """Label, amount and weight of each sum, from the first to the last."""
    taxes = [
        (_("Tax, {rate}").format(rate=percent(rate)), tax, "plain")
        for rate, tax in paper.taxes
    ]
    sums = [(_("Total without tax"), paper.net, "plain"), *taxes] if taxes else []
    sums += [(_("Total with tax") if taxes else _("Total"), paper.total, "total")]
    if paper.paid:
        sums += [
            (_("Already paid"), -paper.paid, "plain"),
            (_("Still to pay"), _left(paper), "total"),
        ]
    return [(label, money(it, paper.currency), weight) for label, it, weight in sums]


def _payment(paper: Paper) -> str:
    """What the recipient of an invoice is to do."""
    left = _left(paper)
    if left == 0:
        return _("Nothing is left to pay. Thank you.")
    if left < 0:
        words = _("{amount} in your favour is left on this invoice.")
        return words.format(amount=money(-left, paper.currency))
    if paper.until is None:
        words = _("Please pay {amount} and name {number} with your payment.")
    else:
        words = _("Please pay {amount} by {day} and name {number} with your payment.")
    return words.format(
        amount=money(left, paper.currency),
        day=paper.until and day(paper.until),
        number=paper.number,
    )


def _left(paper: Paper) -> Decimal:
    return paper.total - (paper.paid or 0)


def _typed(text: str) -> list[str]:
    """The lines of a text that somebody typed."""
    return text.strip().expandtabs(4).splitlines()
