"""The quotes of the demo company into the database, and the orders they became."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.config import settings
from crm.demo import money_taxes, opportunity_rows, writing
from crm.demo.company import DemoCompany
from crm.demo.money_numbers import numbers
from crm.demo.money_rates import Rates
from crm.demo.opportunity_rows import moment
from crm.demo.rows import prepared
from crm.models import Contact, Opportunity, Quote, QuoteLine, QuoteStatus, utcnow
from crm.services.admin import company as profiles
from crm.services.documents import order_flow
from crm.services.prices.pricing import totals

INTRO = "Thank you for your interest. We are glad to offer you:"
Row = dict[str, Any]


def quotes(session: Session, company: DemoCompany) -> int:
    """All of them with their lines; what was accepted becomes an order."""
    if company.quotes.empty:
        return 0
    of = company.opportunities["currency"].take(company.quotes["opportunity"])
    numbered = company.quotes.assign(
        number=_numbers(session, company), currency=of.array
    )
    lines, rates = _lines(session, company), Rates(company.rates, settings().currency)
    links = _links(session, company)
    terms = profiles.profile(session).quote_terms
    rows = []
    for place, row in enumerate(numbered.to_dict("records")):
        priced = rates.at(row["currency"], row["issued_on"].date())
        made = _quote(row) | links[place] | priced | {"terms": terms}
        sums = totals([QuoteLine(**line) for line in lines[place]], priced["currency"])
        made |= {"net": sums.net, "tax": sums.tax, "total": sums.total}
        rows.append(prepared(Quote, made, made["sent_at"] or utcnow()))
    run = writing.run_of(session)
    written = writing.batch(session, Quote, rows, run)
    ids = _ids(session, rows)
    parts = [line | {"quote_id": ids[n]} for n, mine in lines.items() for line in mine]
    writing.lines(session, QuoteLine, parts)
    ordered = numbered["ordered_at"].dropna().sort_values()
    for place, at in ordered.items():
        order_flow.from_quote(session, ids[place], at=moment(at))
    return written


def _numbers(session: Session, company: DemoCompany) -> list[str]:
    """The number of each quote; versions share theirs."""
    first = company.quotes.drop_duplicates("offer")
    days = [day.date() for day in first["issued_on"]]
    given = dict(zip(first["offer"], numbers(session, "quote", days), strict=True))
    return [given[offer] for offer in company.quotes["offer"]]


def _quote(row: Row) -> Row:
    """The fields of one version, but for its links and sums."""
    return {
        "number": row["number"],
        "revision": row["revision"],
        "status": QuoteStatus(row["status"]),
        "issued_on": row["issued_on"].date(),
        "valid_until": row["valid_until"].date(),
        "sent_at": moment(row["sent_at"]),
        "answered_at": moment(row["answered_at"]),
        "answered_by": row["answered_by"],
        "answer_note": row["answer_note"],
        "intro": INTRO,
    }


def _lines(session: Session, company: DemoCompany) -> dict[int, list[Row]]:
    """The lines of each quote by its place."""
    products = writing.product_ids(session)
    percent = money_taxes.rates(company.products)
    found: dict[int, list[Row]] = defaultdict(list)
    for row in company.quote_lines.to_dict("records"):
        about = {
            "product_id": products[row["sku"]],
            "tax_rate": money_taxes.share(percent, row["sku"]),
        }
        found[row["quote"]].append(opportunity_rows.line(row) | about)
    return found


def _links(session: Session, company: DemoCompany) -> list[Row]:
    """Opportunity, customer, owner and contact of each quote."""
    run, o, c = writing.run_of(session), Opportunity, Contact
    mine = select(col(o.id), col(o.customer_id), col(o.owner_id)).where(
        col(o.import_id) == run
    )
    sold = session.execute(mine.order_by(col(o.id))).all()
    named = select(col(c.external_id), col(c.id)).where(col(c.import_id) == run)
    contacts = {row[0]: row[1] for row in session.execute(named)}
    table = company.quotes
    return [
        {
            "opportunity_id": sold[place].id,
            "customer_id": sold[place].customer_id,
            "owner_id": sold[place].owner_id,
            "contact_id": contacts.get(contact),
        }
        for place, contact in zip(
            table["opportunity"], table["contact_external_id"], strict=True
        )
    ]


def _ids(session: Session, rows: list[Row]) -> list[int]:
    """The ids of quotes that were written, in the order of `rows`."""
    numbers_ = {row["number"] for row in rows}
    found = select(col(Quote.number), col(Quote.revision), col(Quote.id)).where(
        col(Quote.number).in_(numbers_)
    )
    known = {(row[0], row[1]): row[2] for row in session.execute(found)}
    return [known[row["number"], row["revision"]] for row in rows]
