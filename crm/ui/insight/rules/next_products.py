"""Next products: how well they are chosen, which they are, and for whom."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.analytics.rules.next_product import PRODUCTS, N
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui import address, insight, ranking
from crm.ui.feedback import empty
from crm.ui.format import day, label, number, plain
from crm.ui.insight.rules import next_words
from crm.ui.ranking import Ranked

ROWS = 300
KEY = "rules_offered_table"
CHOSEN = "rules_offered"
WAYS = {
    "similar": N_("Like what the customer has"),
    "popular": N_("What most customers have"),
    "rules": N_("By the rules"),
}


def show(shown: Analysis) -> None:
    """The tab; in words where there is nothing to offer."""
    facts = shown.summary.get("next_product")
    if not facts or not facts["customers"]:
        title, way_on = next_words.nothing(facts)
        empty(title, way_on, icon="production_quantity_limits")
        return
    st.subheader(plain(next_words.headline(facts)))
    for sentence in next_words.judged(facts):
        st.markdown(plain(sentence))
    if facts["judged"]:
        _hit_rates(facts)
    offered = insight.table(shown, "offered")
    _products(offered)
    product_id = _choice(offered)
    if product_id:
        _customers(shown, offered, product_id)


def _hit_rates(facts: dict[str, Any]) -> None:
    """How often each way of offering was right, by the number of products offered."""
    rates = pd.DataFrame(facts["hit_rates"]).T * 100
    rates.columns = [f"first_{n}" for n in range(1, N + 1)]
    rates.insert(0, "way", [_(WAYS[name]) for name in rates.index])
    percent = st.column_config.NumberColumn
    st.dataframe(
        rates[["way", "first_1", "first_3", f"first_{N}"]],
        hide_index=True,
        width=620,
        column_config={
            "way": _("What is offered"),
            "first_1": percent(_("1 product"), format="%.1f%%"),
            "first_3": percent(_("3 products"), format="%.1f%%"),
            f"first_{N}": percent(_("{n} products").format(n=N), format="%.1f%%"),
        },
        alt=_("Share of customers who bought a product offered, by way of offering"),
    )
    st.caption(_("Share of these customers who then bought a product offered"))


def _products(offered: pd.DataFrame) -> None:
    """Which products are offered to how many; a click on a row chooses one."""
    best = offered.head(ROWS)
    ids = [str(one) for one in best["product_id"]]
    at = st.session_state.get(CHOSEN)
    rows = [ids.index(at)] if at in ids else []
    st.session_state[KEY] = {"selection": {"rows": rows}}
    figure = st.column_config.NumberColumn
    st.dataframe(
        best[["name", "sku", "customers", "first"]],
        key=KEY,
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn(_("Product"), width=280),
            "sku": _("SKU"),
            "customers": figure(
                _("Customers"),
                help=_("To how many it is one of the products offered"),
                format="localized",
            ),
            "first": figure(
                _("First of all"),
                help=_("To how many it is the first product to offer"),
                format="localized",
            ),
        },
        on_select=lambda: _take(ids, before=rows),
        selection_mode="single-row",
        height=300,
        alt=_("Products by the number of customers to offer them to"),
    )


def _take(ids: list[str], *, before: list[int]) -> None:
    """Remember the product of the row that was clicked; see `table`."""
    rows = st.session_state[KEY].selection.rows
    if rows != before:
        st.session_state[CHOSEN] = ids[rows[0]] if rows else ""


def _choice(offered: pd.DataFrame) -> int | None:
    options = {"": _("Choose a product here, or in the table above")}
    options |= {
        str(one): label(name, one)
        for one, name in zip(offered["product_id"], offered["name"], strict=True)
    }
    chosen = address.menu(_("Product to offer"), options, CHOSEN, usual="", width=420)
    return int(chosen) if chosen else None


def _customers(shown: Analysis, offered: pd.DataFrame, product_id: int) -> None:
    """To whom to offer it, those first to whom it is the best offer."""
    names = offered.set_index("product_id")["name"].to_dict()
    rows = _to_whom(insight.table(shown, "offers"), product_id)
    title = _("Offer {product}, {day}").format(
        product=names[product_id], day=day(shown.as_of)
    )
    description = _("One of the {n} next products to offer").format(n=number(N))
    config = {
        "place": st.column_config.NumberColumn(
            _("Place"),
            help=_("1: the first product to offer to this customer"),
            width=70,
        ),
        "others": st.column_config.TextColumn(_("Other products to offer")),
    }

    def columns(some: pd.DataFrame) -> pd.DataFrame:
        others = [
            ", ".join(names[one] for one in line if one and one != product_id)
            for line in some[PRODUCTS].to_numpy().tolist()
        ]
        return some[["place"]].assign(others=others)

    ranked = Ranked(rows, title, description, columns, config)
    ranking.show(shown, ranked, key="rules_offers")


def _to_whom(offers: pd.DataFrame, product_id: int) -> pd.DataFrame:
    """The rows of `offers` with this product, and at which place it is."""
    places = (offers[PRODUCTS] == product_id).to_numpy()
    to = places.any(axis=1)
    rows = offers[to].assign(place=places[to].argmax(axis=1) + 1)
    return rows.sort_values(["place", "customer_id"])
