"""What a batch of opportunities meets in the database, asked once for all its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from crm.config import settings
from crm.models import Customer
from crm.services.imports import lookups
from crm.services.imports.layout import Layout
from crm.services.imports.meanings import Meant, Ways, products, ways
from crm.services.imports.parsed import Parsed
from crm.services.imports.record_facts import Facts, gathered
from crm.services.money import exchange


@dataclass(frozen=True)
class SalesFacts(Facts):
    """`Facts`, and what opportunities need besides.

    Args:
        products: what the file calls them → what is meant.
        asked: what is the name of no product.
        ways: pipelines and stages.
        taken: external ids of customers that are out of reach.
        rate: of a currency on a day, as `exchange.rate_at`.
        zone: of times without one.
    """

    products: Mapping[str, Meant]
    asked: set[str]
    ways: Ways
    taken: set[str]
    rate: Callable[[str, date], exchange.Dated | None]
    zone: ZoneInfo


def sales_facts(
    session: Session,
    layout: Layout,
    parsed: Mapping[str, Parsed],
    places: Sequence[int],
) -> SalesFacts:
    """The facts about the rows at `places`, those that are not ruled out."""
    known, choices = gathered(session, layout, parsed, places), layout.choices
    said = {name: set(values) - {None} for name, values in _texts(known).items()}
    meant, asked = products(
        session, said.get("product", set()), choices.meant.get("product", {})
    )
    unknown = {
        text
        for text in said.get("customer_external_id", set())
        if not known.customers.get(text)
    }
    currency = choices.currency or settings().currency
    return SalesFacts(
        **{one.name: getattr(known, one.name) for one in fields(known)},
        products=meant,
        asked=asked,
        ways=ways(session, choices.meant),
        taken=set(lookups.holders(session, Customer, "external_key", unknown)),
        rate=exchange.looked_up(session, {currency, *said.get("currency", set())}),
        zone=ZoneInfo(choices.zone or settings().timezone),
    )


def _texts(known: Facts) -> dict[str, list[str]]:
    names = ("product", "customer_external_id", "currency")
    return {name: known.values[name] for name in names if name in known.values}
