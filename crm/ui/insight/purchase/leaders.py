"""The customers by what they are expected to bring: which of them, table, actions."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import ordered, ranking, ranking_filter
from crm.ui.format import day, number, plain, rounded
from crm.ui.insight.churn import words as churn_words
from crm.ui.insight.model_evidence import reason_columns
from crm.ui.insight.purchase import offers, words
from crm.ui.ordered import Kept
from crm.ui.ranking import Ranked

ROW = 60  # pixels, for three lines of text
ORDERS = {"expected": N_("Expected revenue"), "probability": N_("Probability")}


def show(shown: Analysis, model: str) -> None:
    """The filter, and the customers that it leaves."""
    st.subheader(_("Who buys next"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = ranking_filter.order(ORDERS, "purchase_order")
        low, high = ranking_filter.percents(
            _("Probability to buy, in percent"), f"purchase_probability_{shown.id}"
        )
    by = model if order == "expected" else order
    customers = _by(ordered.customers(shown, "customers", by), model)
    within = customers["probability"].between(low / 100, high / 100)
    kept = ordered.kept(customers, within)
    st.markdown(plain(_summary(len(customers), kept)))
    name = _("Buys within {days} days, {low}–{high}%, {day}").format(
        days=shown.summary["horizon"], low=low, high=high, day=day(shown.as_of)
    )
    told = _("{model}, probability to buy {low}–{high}%").format(
        model=_(words.AMOUNTS[model]), low=low, high=high
    )
    products = offers.first()
    columns = partial(_columns, products=products)
    ranked = Ranked(kept, name, told, columns, _config(products is not None))
    ranking.show(shown, ranked, key="purchase", row_height=ROW)
    st.caption(_("▲ makes it likelier that an order comes, ▼ less likely."))
    offers.caption()


def _by(customers: pd.DataFrame, model: str) -> pd.DataFrame:
    """The amounts of one model, as `expected`, `low` and `high`."""
    named = {model: "expected", f"{model}_low": "low", f"{model}_high": "high"}
    return customers.rename(columns=named)


def _summary(customers: int, kept: Kept) -> str:
    told = _(
        "{count} of {customers} customers; about {expected} of them will buy, and all "
        "of them together bring about {amount}."
    )
    return told.format(
        count=number(len(kept)),
        customers=number(customers),
        expected=number(round(kept.total("probability"))),
        amount=rounded(kept.total("expected")),
    )


def _config(is_offered: bool) -> dict[str, Any]:
    kinds = st.column_config
    interval = _(
        "9 of 10 customers with a prediction like this one brought something in "
        "between."
    )

    def money(label: str, **more: Any) -> Any:
        return kinds.NumberColumn(label, format="localized", width=125, **more)

    offer = {"offer": kinds.TextColumn(_("Offer first"), width=160)}
    return {
        "probability": kinds.ProgressColumn(
            _("Probability"), format="percent", min_value=0, max_value=1, width=105
        ),
        "expected": money(_("Expected revenue")),
        "low": money(_("At least (90%)"), help=interval),
        "high": money(_("At most (90%)"), help=interval),
        **(offer if is_offered else {}),
        **reason_columns.config(width=160),
        "before": money(_("Revenue, same time before")),
    }


def _columns(rows: pd.DataFrame, *, products: pd.Series | None) -> pd.DataFrame:
    """What is shown and exported of each customer, reasons in words.

    `products` are those to offer first, by customer.
    """
    why = reason_columns.told(rows, churn_words.reason)
    names = ["probability", "expected", "low", "high", "before"]
    places = dict.fromkeys(names, 0) | {"probability": 3}
    figures = rows[names].round(places)
    if products is not None:
        offered = rows["customer_id"].map(products).fillna("")
        figures = figures.assign(offer=offered)
    return figures.join(why)
