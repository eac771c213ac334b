"""What a product has sold, on its page: the last twelve months, and who buys it."""

from datetime import date, datetime

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from crm import db
from crm.config import settings
from crm.i18n import N_, _, ngettext
from crm.models import Action, Order, Product, utcnow
from crm.services import days
from crm.services.documents import product_sales, sold_lines
from crm.services.documents.product_sales import Buyer, ProductSales
from crm.ui import access, address, cards, charts, filter_builder, navigation, row_links
from crm.ui.format import ago, cell, date_column, day, number, percent, plain
from crm.ui.money_words import headline, missing

SHOWN = {"revenue": N_("Net sales"), "units": N_("Units")}
KEPT = 600  # seconds for which what took long to add up is shown again


def show(product: Product) -> None:
    """Figures, months and customers, where the user may read orders.

    The last thing on the page: what takes long comes when all else is there.
    """
    if not access.current().may(Action.READ, "sales_order"):
        return
    st.subheader(_("Sales"))
    found, at = _found(product)
    if found.last_at is None:
        st.caption(_never())
        return
    if any(month.units or month.total.count for month in found.months):
        _figures(found)
        months, buyers = st.columns([4, 5], gap="medium")
        with months:
            _months(found, product.id)
        with buyers:
            _best(found)
    else:
        words = _("Nothing in the last twelve months; the last sale was on {day}.")
        st.caption(plain(words.format(day=day(days.day_of(found.last_at)))))
    _way_on(product.id)
    if at is not None:
        words = _("Added up {ago}: a product sold this often is not counted each time.")
        st.caption(plain(words.format(ago=ago(at))))


def _found(product: Product) -> tuple[ProductSales, datetime | None]:
    """The figures, and when they were added up where that was not just now."""
    actor, today = access.current(), days.today()
    with db.reading(actor) as session:
        if not sold_lines.are_many(session, product.id):
            return product_sales.sales(session, product.id, today=today), None
    with st.spinner(_("Adding up what was sold …")):
        return _kept(repr(actor), product.id, product.created_at, today)


@st.cache_resource(ttl=KEPT, max_entries=256, show_spinner=False)
def _kept(
    actor: str,  # noqa: ARG001  (with the next but one, what it depends on)
    product_id: int,
    made_at: datetime,  # noqa: ARG001  (ids may be given anew after a restore)
    today: date,
) -> tuple[ProductSales, datetime]:
    with db.reading(access.current()) as session:
        return product_sales.sales(session, product_id, today=today), utcnow()


def _never() -> str:
    if access.current().sees_all:
        return _("Never sold so far. Once it is on an order, its sales are shown here.")
    return _("None of the customers you may see has bought it so far.")


def _figures(found: ProductSales) -> None:
    """What the year comes to."""
    sent_back = _("Units sent back or cancelled, of those sold")
    with st.grid(3, min_column_width=150):
        if found.total.amount:
            cards.amount(_("Net sales"), found.total.amount)
        else:
            st.metric(_("Net sales"), plain(headline(found.total)), border=True)
        st.metric(_("Units"), number(found.units, places=4), border=True)
        st.metric(_("Orders"), number(found.orders), border=True)
        st.metric(_("Buying customers"), number(found.buyers), border=True)
        rate = percent(found.return_rate, places=1)
        st.metric(_("Sent back"), rate, border=True, help=sent_back)
        last = days.day_of(found.last_at) if found.last_at else None
        st.metric(_("Last sold"), day(last), border=True)
    if lacking := missing(found.total, Order):
        st.caption(plain(" ".join(lacking)))


def _months(found: ProductSales, product_id: int) -> None:
    """A bar a month."""
    what = address.choice(
        _("What the bars show"), SHOWN, "product_bars", is_labelled=False
    )
    amounts = [float(month.total.amount) for month in found.months]
    units = [float(month.units) for month in found.months]
    heights, beside = (units, amounts) if what == "units" else (amounts, units)
    other = SHOWN["revenue" if what == "units" else "units"]
    fig = go.Figure(
        go.Bar(
            x=[pd.Timestamp(month.first) for month in found.months],
            y=heights,
            customdata=beside,
            hovertemplate="%{x|%Y-%m}<br>%{y:,}<br>"
            + plain(_(other))
            + " %{customdata:,}<extra></extra>",
        )
    )
    money = _("Net sales, {currency}").format(currency=settings().currency)
    charts.show(
        fig,
        key=f"product_months_{product_id}_{what}",
        alt=_("Net sales by month") if what == "revenue" else _("Units by month"),
        y=money if what == "revenue" else _("Units"),
        height=310,
    )
    words = _("Since {day}, less what was sent back. The last month is not over yet.")
    st.caption(plain(words.format(day=day(found.months[0].first))))


def _best(found: ProductSales) -> None:
    """The customers with the largest amounts, each a click away."""
    charts.titled(_("Who buys it"), _told(found))
    if not found.best:
        return
    kinds = st.column_config
    amount = _("Net sales, {currency}").format(currency=settings().currency)
    st.dataframe(
        pd.DataFrame([_row(one) for one in found.best]),
        key="product_buyers",
        hide_index=True,
        column_config={
            "name": row_links.column(
                _("Customer"),
                key="product_buyers_open",
                slug="customer",
                ids=[one.customer_id for one in found.best],
                width=185,
                pinned=True,
            ),
            "amount": kinds.NumberColumn(amount, format="localized", width=95),
            "units": kinds.NumberColumn(_("Units"), format="localized", width=50),
            "last": date_column(_("Last bought"), width=85),
        },
    )


def _told(found: ProductSales) -> str:
    if not found.best:
        return _("Nobody in these months: it was only sent back.")
    if found.buyers <= len(found.best):
        return _("All customers of these months, by net sales.")
    words = ngettext(
        "The first {n} of {all} customer, by net sales.",
        "The first {n} of {all} customers, by net sales.",
        found.buyers,
    )
    return words.format(n=number(len(found.best)), all=number(found.buyers))


def _row(one: Buyer) -> dict[str, object]:
    """As the table has it; empty where nothing of the amount has a rate."""
    is_known = one.total.amount or not one.total.missing
    return {
        "name": one.name,
        "amount": cell(one.total.amount) if is_known else None,
        "units": cell(one.units),
        "last": days.day_of(one.last_at) if one.last_at else None,
    }


def _way_on(product_id: int) -> None:
    """To the list of customers, for what can be done with many at once."""
    if navigation.page("customers"):
        st.button(
            _("All customers who ever bought it"),
            icon=":material/groups:",
            key="product_customers",
            on_click=_open,
            args=[product_id],
        )


def _open(product_id: int) -> None:
    condition = {"field": "products", "op": "any", "value": [product_id]}
    rule = {"match": "all", "rules": [condition]}
    filter_builder.clear("customers")
    navigation.go("customers", customers_f=filter_builder.dumped(rule))
