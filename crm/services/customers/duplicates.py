"""Duplicates seen while somebody types: who is there already.

Looks only at records that share an e-mail, a phone or the start of the name, then
compares names by rapidfuzz's token-sort ratio.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from rapidfuzz import fuzz
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.i18n import _
from crm.models import Customer, folded
from crm.models.search import search_key
from crm.services.filters import sound

ALIKE = 88.0  # of 100; below, names of different companies begin to match
CANDIDATES = 200


@dataclass(frozen=True)
class Similar:
    """A customer that may be the same, and why it looks so."""

    customer_id: int
    name: str
    why: str


def similar(
    session: Session,
    name: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    without: int | None = None,
    limit: int = 5,
) -> list[Similar]:
    """Customers in reach that may be the one described, likeliest first."""
    wanted, number = folded(sound(name))[:200], _digits(sound(phone or ""))
    mail = folded(sound(email or ""))[:254]
    key = col(Customer.search_key)
    likely, possible = [col(Customer.email_key) == mail] if mail else [], []
    if len(wanted) >= 3:
        likely.append(key.startswith(f"{wanted}\n", autoescape=True))
        possible.append(key.startswith(wanted[:4], autoescape=True))
    if len(number) >= 6:
        possible.append(db.contains(key, number))
    if not (clauses := likely + possible):
        return []
    order = [sa.case((sa.or_(*likely), 0), else_=1)] if likely else []
    found = session.scalars(
        select(Customer)
        .where(sa.or_(*clauses))
        .order_by(*order, col(Customer.id))
        .limit(CANDIDATES)
    )
    scored = [
        (score, Similar(one.id, one.name, why))
        for one in found
        if one.id != without
        for score, why in [_compared(one, wanted, mail, number)]
        if score >= ALIKE
    ]
    return [one for _score, one in sorted(scored, key=lambda s: -s[0])[:limit]]


def _compared(
    customer: Customer, name: str, email: str, number: str
) -> tuple[float, str]:
    if email and customer.email_key == email:
        return 102.0, _("same e-mail")
    if number and number in (customer.search_key or ""):
        return 101.0, _("same phone")
    score = fuzz.token_sort_ratio(name, folded(customer.name))
    return score, _("similar name") if score < 100 else _("same name")


def _digits(phone: str) -> str:
    """The digits as the search key has them."""
    key = (search_key(phone) or "").split()
    return key[-1] if key and key[-1].isdigit() else ""
