"""/products/…/sales: what a product has sold in the last twelve months, and to whom."""

from typing import Any

from fastapi import APIRouter

from crm import db
from crm.api.deps import ActorDep
from crm.api.errors import ANSWERS
from crm.config import settings
from crm.db.plain import plain as json_value
from crm.services import days
from crm.services.documents import product_sales
from crm.services.documents.product_sales import Buyer, Month
from crm.services.money.exchange_sums import Sum

router = APIRouter(prefix="/products", tags=["products"], responses=ANSWERS)


@router.get("/{record_id}/sales")
def sales(actor: ActorDep, record_id: int) -> dict[str, Any]:
    """The month of today and the eleven before, less what was sent back; `customers`
    are the first ten by net sales. Amounts are in the book currency; `without_rate`
    has what is not in them, by currency.
    """
    today = days.today()
    with db.reading(actor) as session:
        found = product_sales.sales(session, record_id, today=today)
    last = days.day_of(found.last_at) if found.last_at else None
    return {
        "since": json_value(found.months[0].first),
        "until": json_value(today),
        "currency": settings().currency,
        **_sum(found.total),
        "units": json_value(found.units),
        "units_returned": json_value(found.returned),
        "orders": found.orders,
        "buyers": found.buyers,
        "last_sold_on": json_value(last),
        "months": [_month(month) for month in found.months],
        "customers": [_buyer(one) for one in found.best],
    }


def _month(month: Month) -> dict[str, Any]:
    units = {"units": json_value(month.units)}
    return {"month": f"{month.first:%Y-%m}", **_sum(month.total)} | units


def _buyer(one: Buyer) -> dict[str, Any]:
    last = days.day_of(one.last_at) if one.last_at else None
    return {
        "id": one.customer_id,
        "name": one.name,
        **_sum(one.total),
        "units": json_value(one.units),
        "last_bought_on": json_value(last),
    }


def _sum(total: Sum) -> dict[str, Any]:
    others = {code: json_value(worth) for code, worth in total.others.items()}
    return {"net_sales": json_value(total.amount), "without_rate": others}
