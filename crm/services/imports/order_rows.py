"""Rows that are lines of orders: judged order by order, all of an order or nothing.

An order that holds quantities above and below zero becomes several: the lines above
zero keep its number, those below get it with /R (return), /C (cancellation) or /A
(adjustment) behind it. Orders that are there stay as they are, but for their status.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.i18n import _
from crm.models import Order, OrderStatus
from crm.services.imports import lookups, order_links
from crm.services.imports.batches import SIZE, Batch
from crm.services.imports.choices import Mode, UnknownProducts, WithoutCustomer
from crm.services.imports.layout import Layout
from crm.services.imports.lookups import Known
from crm.services.imports.order_lines import Ints, Lines, lines_of
from crm.services.imports.order_links import Links
from crm.services.imports.order_parts import divided, fail_the_rest, too_large
from crm.services.imports.verdict import Fate, Verdict


@dataclass
class OrderPlan:
    """What a batch of lines does to the orders.

    Args:
        customers: per order of the batch; NOBODY stands for the walk-in customer.
        products, product_names: per line.
        orders: a row per order to make: `place` (of the order in the batch), `part`,
            `number`, `leads` (whether it keeps its number) and `total`.
        line_of: for each line its row in `orders`, −1 where it is not written.
        changes: id → status, of orders that are there.
    """

    verdict: Verdict
    lines: Lines
    customers: Links
    products: Links
    product_names: pa.Array
    orders: pd.DataFrame
    line_of: Ints
    changes: dict[int, OrderStatus] = field(default_factory=dict)

    @property
    def n_split(self) -> int:
        """Orders of the file that become several."""
        return int(self.orders.loc[~self.orders["leads"], "place"].nunique())


def plan_orders(
    session: Session, batch: Batch, layout: Layout, import_id: int, known: Known
) -> OrderPlan:
    """What would become of the lines, as the database is now; nothing is written."""
    verdict, parsed = Verdict(batch), batch.parsed
    verdict.judge_cells(layout, parsed)
    judge = _Judge(session, layout, verdict, lines_of(batch, layout, parsed))
    judge.lines_alone()
    changes = judge.orders_there(import_id)
    customers = judge.customers(known)
    products, names = judge.products(known)
    has_customer = customers.ids != order_links.NOBODY
    orders, line_of = divided(session, layout, verdict, judge.lines, has_customer)
    verdict.settle(line_of >= 0, Fate.CREATED)
    wanted = np.zeros(judge.lines.n_orders, dtype=bool)
    wanted[orders["place"]] = True
    return OrderPlan(
        verdict=verdict,
        lines=judge.lines,
        customers=customers.of(wanted),
        products=products.of(line_of >= 0),
        product_names=names,
        orders=orders,
        line_of=line_of,
        changes=changes,
    )


@dataclass
class _Judge:
    """The lines of one batch on their way to orders."""

    session: Session
    layout: Layout
    verdict: Verdict
    lines: Lines

    def lines_alone(self) -> None:
        """Fail lines that cannot stand, and with them the rest of their orders."""
        lines, verdict, column = self.lines, self.verdict, self.layout.columns
        words = _("An order has at most {most} lines. Is this its number?")
        most = words.format(most=f"{SIZE:,}")
        verdict.tell(verdict.batch.too_large, Fate.FAILED, most, column["order_number"])
        none = _("The quantity is 0.")
        verdict.tell(lines.quantity == 0, Fate.FAILED, none, column["quantity"])
        words = _("A discount is at most 100 %.")
        verdict.tell(lines.given_away, Fate.FAILED, words, column.get("line_discount"))
        verdict.tell(lines.too_large, Fate.FAILED, too_large(), column["quantity"])
        words = _("The lines of this order name several customers or currencies.")
        verdict.tell(lines.several[lines.order], Fate.FAILED, words)
        fail_the_rest(verdict, lines)

    def orders_there(self, import_id: int) -> dict[int, OrderStatus]:
        """Settle orders that are there already; the status to set, by id."""
        places = {self.lines.number[p]: p for p in self._open_orders()}
        numbers = [number for number in places if number is not None]
        holders = lookups.holders(self.session, Order, "number_key", numbers)
        seen = self._seen(list(holders))
        changes: dict[int, OrderStatus] = {}
        for number, order_id in holders.items():
            there, place = seen.get(number), places[number]
            if there is None or there.import_id == import_id:
                words = _("The number {number} belongs to another order.")
                self._end(place, Fate.FAILED, words, number=number)
            elif self.layout.choices.mode is Mode.CREATE:
                words = _("Order {number} is there already.")
                self._end(place, Fate.DUPLICATE, words, number=number)
            else:
                self._settle_there(place, there, changes, order_id)
        if self.layout.choices.mode is Mode.UPDATE:
            words = _("There is no such order to change.")
            self.verdict.tell(self.verdict.is_open, Fate.SKIPPED, words)
        return changes

    def customers(self, known: Known) -> Links:
        """The customers of the orders that are open."""
        order, column = self.lines.order, self._customer_column()
        wanted = np.zeros(self.lines.n_orders, dtype=bool)
        wanted[self._open_orders()] = True
        links = order_links.customers(self.session, self.lines, wanted, known)
        for number, words in (
            (order_links.OUT_OF_REACH, _("The customer is out of your reach.")),
            (order_links.AMBIGUOUS, _("Several customers have this name.")),
        ):
            self.verdict.tell(links.ids[order] == number, Fate.FAILED, words, column)
        if self.layout.choices.without_customer is WithoutCustomer.SKIP:
            nobody = links.ids[order] == order_links.NOBODY
            words = _("The order names no customer.")
            self.verdict.tell(nobody, Fate.SKIPPED, words, column)
        for place, email in links.lacking.items():
            words = _("The e-mail “{email}” belongs to another customer.")
            self._lacks(place, words, "customer_email", email=email)
        return links

    def products(self, known: Known) -> tuple[Links, pa.Array]:
        """The products of the lines that are open, and their names."""
        wanted = self.verdict.is_open
        links, names = order_links.products(self.session, self.lines, wanted, known)
        if self.layout.choices.unknown_products is UnknownProducts.REFUSE:
            words = _("There is no product with this SKU.")
            unknown = links.ids <= order_links.NEW
            self.verdict.tell(unknown, Fate.FAILED, words, self.layout.columns["sku"])
            fail_the_rest(self.verdict, self.lines)
        return links, names

    def _settle_there(
        self, place: int, there: Any, changes: dict[int, OrderStatus], order_id: int
    ) -> None:
        """An order that is there stays as it is, but for its status; where the file
        says another sum, that is told.
        """
        said = self.lines.orders.get("status")
        status = None if said is None else said[place]
        mine = self.lines.order == place
        here = Decimal(self.lines.own_total(mine)).scaleb(-4)
        words = _("Order {number} is there with {there}, not {here}; it stays.")
        sums = {"there": f"{there.total:,.2f}", "here": f"{here:,.2f}"}
        differs = here != there.total
        if status in (None, there.status):
            if differs:
                self._end(place, Fate.SKIPPED, words, number=there.number_key, **sums)
            self.verdict.settle(mine, Fate.UNCHANGED)
            return
        if differs:
            number = there.number_key
            self._lacks(place, words, "order_number", number=number, **sums)
        changes[order_id] = OrderStatus(status)
        self.verdict.settle(mine, Fate.UPDATED)

    def _seen(self, numbers: list[str]) -> dict[str, Any]:
        """Orders in reach by number: status, total and import."""
        names = ("number_key", "status", "total", "import_id")
        columns = [col(getattr(Order, name)) for name in names]
        found: dict[str, Any] = {}
        for piece in db.chunked(sorted(numbers)):
            statement = select(*columns).where(col(Order.number_key).in_(piece))
            found |= {row.number_key: row for row in self.session.execute(statement)}
        return found

    def _open_orders(self) -> list[int]:
        found: list[int] = np.unique(self.lines.order[self.verdict.is_open]).tolist()
        return found

    def _customer_column(self) -> str | None:
        names = ("customer_external_id", "customer_email", "customer_name")
        mapped = (self.layout.columns.get(name) for name in names)
        return next(filter(None, mapped), None)

    def _end(self, place: int, fate: Fate, words: str, **facts: object) -> None:
        """Decide all lines of an order."""
        column = self.layout.columns["order_number"]
        for line in np.flatnonzero((self.lines.order == place) & self.verdict.is_open):
            told = words.format(**facts)
            self.verdict.decide(int(line), fate, told, column, kind=words)

    def _lacks(self, place: int, words: str, name: str, **facts: object) -> None:
        """Say at its first line what an order goes in without."""
        line, column = int(self.lines.first[place]), self.layout.columns[name]
        self.verdict.lacking(line, column, words.format(**facts), words)
