"""What the demo company has set up for its sales: prices, rates, its own address."""

import secrets
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.config import settings
from crm.demo import money_prices, team, writing
from crm.demo.company import DemoCompany
from crm.demo.money_rates import Rates
from crm.demo.rows import amount, prepared, table_of
from crm.models import ExchangeRate, ListPrice, PriceList, Setting, WebForm, utcnow
from crm.services.admin import company as profiles
from crm.services.admin import preferences
from crm.services.admin.company import MARK, CompanyFields

SOURCE = "Larkfield, invented"
ASKED_BY = "Elena Vasquez"  # who looks after what the web form brings


def setup(session: Session, company: DemoCompany) -> None:
    """All of it; our own address only where nobody has filled one in."""
    at = utcnow()
    if not profiles.profile(session).version:
        profiles.save(session, CompanyFields(**money_prices.PROFILE))
    _rates(session, company, at)
    _price_lists(session, company, at)
    owner = writing.users(session).get(team.email(ASKED_BY))
    form = money_prices.FORM | {"owner_id": owner, "key": secrets.token_urlsafe(15)}
    writing.kept(session, WebForm, [prepared(WebForm, form, at)])


def forget_profile(session: Session) -> None:
    """Take our address out again, if it is still that of the demo company."""
    ours = CompanyFields(**money_prices.PROFILE).model_dump(mode="json")
    if preferences.get(session, MARK) == ours:
        session.connection().execute(
            delete(table_of(Setting)).where(col(Setting.name) == MARK)
        )


def _rates(session: Session, company: DemoCompany, at: datetime) -> None:
    """Those that nobody has entered yet."""
    known = select(col(ExchangeRate.currency), col(ExchangeRate.rate_on))
    entered = {(row[0], row[1]) for row in session.execute(known)}
    rows = [
        {"currency": currency, "rate_on": day, "rate": rate, "source": SOURCE}
        for (currency, day), rate in Rates(
            company.rates, settings().currency
        ).known.items()
        if (currency, day) not in entered
    ]
    writing.kept(
        session, ExchangeRate, [prepared(ExchangeRate, row, at) for row in rows]
    )


def _price_lists(session: Session, company: DemoCompany, at: datetime) -> None:
    currency = {"currency": settings().currency}
    made = [
        prepared(PriceList, one | currency, at)
        for one in money_prices.lists(company.today)
    ]
    ids, products = writing.kept(session, PriceList, made), writing.product_ids(session)
    listed = zip(ids, money_prices.prices(company.products), strict=True)
    rows = [
        {
            "price_list_id": key,
            "product_id": products[sku],
            "min_quantity": Decimal(quantity),
            "price": amount(price),
        }
        for key, prices in listed
        for sku, quantity, price in prices
    ]
    made = [prepared(ListPrice, row, at) for row in rows]
    writing.batch(session, ListPrice, made, writing.run_of(session))
