"""The warehouse as analyses read it: the tables of `crm.frames`, filled."""

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pandas as pd

from crm import frames
from crm.errors import Unavailable
from crm.frames import Schema, typed
from crm.i18n import N_, _
from crm.warehouse import campaign_queries, day_queries, files, queries
from crm.warehouse.cohorts import Cohorts, cohorts
from crm.warehouse.refreshing import mark_of
from crm.warehouse.tables import CUSTOMERS, PRODUCTS, Copied

Grouping = Literal["category", "product", "country"]

LEFT_OUT = {  # the keys of `House.left_out`, in words
    "no_rate": N_("Orders in a currency without a rate, which are left out: {count}"),
    "walk_in": N_(
        "Orders of the walk-in customer, which count only in baskets and in revenue "
        "by day: {count}"
    ),
}


class House:
    """The figures of one moment, `data_at` (aware UTC), within a `reading`.

    In all frames: only what is not deleted, only confirmed orders, without stock
    adjustments; and without the walk-in customer, but for `baskets`, `revenue_by_day`
    and `groups_by_day`. Orders in another than the book currency count at the rate
    that they have, and not at all without one. Days are the company's; `as_of` and
    `until` are the last day that counts.
    """

    def __init__(self, duck: Any, data_at: datetime) -> None:
        self._duck = duck
        self.data_at = data_at

    def customers(self) -> pd.DataFrame:
        """See `frames.CUSTOMERS`; those without orders too."""
        return self._frame(queries.CUSTOMERS, frames.CUSTOMERS)

    def products(self) -> pd.DataFrame:
        """See `frames.PRODUCTS`."""
        return self._frame(queries.PRODUCTS, frames.PRODUCTS)

    def orders(self, as_of: date | None = None) -> pd.DataFrame:
        """See `frames.ORDERS`; up to `as_of`, where that is given."""
        return self._frame(queries.ORDERS, frames.ORDERS, as_of=as_of or date.max)

    def tickets(self, as_of: date | None = None) -> pd.DataFrame:
        """See `frames.TICKETS`; up to `as_of`, where that is given."""
        return self._frame(queries.TICKETS, frames.TICKETS, as_of=as_of or date.max)

    def buyers(self, as_of: date) -> pd.DataFrame:
        """See `frames.BUYERS`. `returned` counts cancellations too."""
        return self._frame(queries.BUYERS, frames.BUYERS, as_of=as_of)

    def churn_features(self, as_of: date) -> pd.DataFrame:
        """See `frames.CHURN_FEATURES`; revenue is always less what was sent back."""
        lately, before = (as_of - timedelta(days=days) for days in (90, 180))
        days = {"as_of": as_of, "lately": lately, "before": before}
        features = self.buyers(as_of)
        for query in (queries.LATELY, queries.ASKED):
            found = self._duck.execute(query, days).df()
            features = features.merge(found, on="customer_id", how="left")
            features = features.fillna(dict.fromkeys(found, 0))
        entered = self._duck.execute(queries.ENTERED, {"as_of": as_of}).df()
        features = features.merge(entered, on="customer_id")
        return typed(features, frames.CHURN_FEATURES)

    def future(self, as_of: date, horizon: int) -> pd.DataFrame:
        """See `frames.FUTURE`: the `horizon` days after `as_of`.

        Revenue is less what was sent back in these days, so it can be negative.
        """
        until = as_of + timedelta(days=horizon)
        return self._frame(queries.FUTURE, frames.FUTURE, as_of=as_of, until=until)

    def campaigns(self, as_of: date) -> list[int]:
        """The ids of campaigns that have begun for anybody by `as_of`."""
        found = self._duck.execute(campaign_queries.CAMPAIGNS, {"as_of": as_of})
        return [row[0] for row in found.fetchall()]

    def campaign_outcomes(
        self, as_of: date, campaign_id: int, days: int
    ) -> pd.DataFrame:
        """See `frames.CAMPAIGN_OUTCOMES`: what recipients bought in the `days` after,
        over or not."""
        values = {"as_of": as_of, "campaign": campaign_id, "days": days}
        found = self._duck.execute(campaign_queries.OUTCOMES, values).df()
        return typed(found, frames.CAMPAIGN_OUTCOMES)

    def responses(self, as_of: date) -> pd.DataFrame:
        """See `frames.RESPONSES`."""
        query, since = campaign_queries.RESPONSES, as_of - timedelta(days=365)
        return self._frame(query, frames.RESPONSES, as_of=as_of, since=since)

    def cohorts(self, as_of: date) -> Cohorts:
        """Customers by their first sale, in the periods since."""
        return cohorts(self._duck, as_of)

    def repeat_buyers(self, as_of: date) -> pd.DataFrame:
        """See `frames.REPEAT_BUYERS`."""
        query = day_queries.REPEAT_BUYERS
        return self._frame(query, frames.REPEAT_BUYERS, as_of=as_of)

    def repeat_days(self, as_of: date, cohort: date) -> pd.DataFrame:
        """See `frames.REPEAT_DAYS`: up to `as_of`, of who first bought by `cohort`."""
        query = day_queries.REPEAT_DAYS
        return self._frame(query, frames.REPEAT_DAYS, as_of=as_of, cohort=cohort)

    def baskets(self, as_of: date, since: date | None = None) -> pd.DataFrame:
        """See `frames.BASKETS`; the sales from `since` to `as_of`, both included.

        Those of the walk-in customer too, who is not among `customers`; of products
        only those that are among `products`.
        """
        first = since or date.min
        return self._frame(queries.BASKETS, frames.BASKETS, as_of=as_of, since=first)

    def revenue_by_day(self, until: date) -> pd.DataFrame:
        """See `frames.REVENUE_BY_DAY`: what the business took, walk-in sales too."""
        query = day_queries.REVENUE_BY_DAY
        return self._frame(query, frames.REVENUE_BY_DAY, until=until)

    def groups_by_day(self, until: date, by: Grouping, *, top: int) -> pd.DataFrame:
        """See `frames.GROUPS_BY_DAY`: the `top` groups of the last year, and the rest.

        An order belongs to the country of its customer, and with each of its lines to
        a product and a category.
        """
        query = day_queries.GROUPS_BY_DAY.format(part=day_queries.PARTS[by])
        values = {"until": until, "since": until - timedelta(days=365), "top": top}
        return typed(self._duck.execute(query, values).df(), frames.GROUPS_BY_DAY)

    def left_out(self, as_of: date) -> dict[str, int]:
        """How many orders up to `as_of` are left out, by the reasons `LEFT_OUT`."""
        found = self._duck.execute(queries.LEFT_OUT, {"as_of": as_of}).fetchone()
        return dict(zip(LEFT_OUT, found, strict=True))

    def _frame(self, query: str, schema: Schema, **days: date) -> pd.DataFrame:
        return typed(self._duck.execute(query, days or None).df(), schema)


@contextmanager
def reading(
    only: Collection[int] | None = None, *, hidden: Collection[str] = ()
) -> Iterator[House]:
    """Open the warehouse as it stands; `only` these customers are there, if given.

    Fields that are `hidden`, as `Actor.hidden` has them, are empty. A refresh
    meanwhile neither waits nor shows.

    Raises:
        Unavailable: it was never refreshed, or not by this version of the program.
    """
    import duckdb

    words = _("The copy for analysis is not there yet; its next refresh makes it.")
    try:
        duck = files.opened()
    except duckdb.Error as error:
        raise Unavailable(words) from error
    with closing(duck):
        if (mark := mark_of(duck, "house.main")) is None:
            raise Unavailable(words)
        _make_views(duck, only, hidden)
        yield House(duck, mark.data_at)


def _make_views(
    duck: Any, only: Collection[int] | None, hidden: Collection[str]
) -> None:
    import pyarrow as pa

    if only is not None:
        ids = pa.array([int(one) for one in only], pa.int64())
        duck.from_arrow(pa.table({"customer_id": ids})).create("visible")
    shown = {one.name: _shown(one, hidden) for one in (CUSTOMERS, PRODUCTS)}
    where = "" if only is None else queries.VISIBLE
    duck.execute(queries.RECORDS.format(where=where, **shown))
    duck.execute(queries.VIEWS)


def _shown(copied: Copied, hidden: Collection[str]) -> str:
    """All columns of a table, with nothing in those that are hidden."""
    nothing = [
        "CAST(NULL AS {1}) AS {0}".format(*declared.split(maxsplit=1))
        for declared, source in copied.columns
        if f"{copied.name}.{source}" in hidden
    ]
    return f"* REPLACE ({', '.join(nothing)})" if nothing else "*"
