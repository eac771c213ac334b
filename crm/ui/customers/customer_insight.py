"""What the analyses say of one customer, beside the date they speak of."""

from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.analytics.reasons import reasons
from crm.errors import CRMError
from crm.i18n import N_, _, ngettext
from crm.models import Action, Analysis
from crm.services import analyses
from crm.ui import access, insight, navigation
from crm.ui.format import day, number, percent, plain, rounded
from crm.ui.insight.churn import words as churn_words
from crm.ui.insight.lifetime_value import customer as lifetime_customer
from crm.ui.insight.model_evidence import figures
from crm.ui.insight.purchase import customer as next_purchase
from crm.ui.insight.rules import customer as next_products
from crm.ui.insight.segmentation import stored
from crm.ui.insight.segmentation.words import MEANINGS

SCORES = 5
PAGES = {
    "segmentation": N_("Segmentation"),
    "churn": N_("Churn"),
    "purchase": N_("Next purchases"),
    "lifetime_value": N_("Lifetime value"),
    "association_rules": N_("Next products"),
}


def show(customer_id: int) -> None:
    """What was last computed of a customer, or the way to compute it."""
    actor = access.current()
    if not actor.may(Action.READ, "analysis"):
        return
    st.subheader(_("Insight"))
    with db.reading(actor) as session:
        found = {kind: analyses.of_now(session, kind) for kind in PAGES}
    if not any(found.values()):
        st.caption(_("Nothing has been computed yet."))
        for kind, title in PAGES.items():
            navigation.link(kind, _(title))
        return
    for kind, part in PARTS.items():
        if (shown := found[kind]) is not None:
            with st.container(border=True, gap="xsmall"):
                _heading(kind, shown)
                part(shown, customer_id)


def _segment(shown: Analysis, customer_id: int) -> None:
    try:
        cuts = stored.usual_cuts(shown, SCORES, False)
        customers = stored.scored(shown, cuts, total=False).customers
    except CRMError as error:  # too few customers to score
        st.caption(plain(error))
        return
    if customer_id not in customers.index:
        st.caption(_("No orders by then."))
        return
    row: Any = customers.loc[customer_id]
    name = str(row["segment"])
    st.markdown(f"**{plain(_(name).capitalize())}**")
    if name in MEANINGS:
        st.caption(plain(_(MEANINGS[name])))
    days, orders = round(row["recency"]), round(row["frequency"])
    told = _("Last order {days} before, {orders}, {mean} each").format(
        days=ngettext("{n} day", "{n} days", days).format(n=number(days)),
        orders=ngettext("{n} order", "{n} orders", orders).format(n=number(orders)),
        mean=rounded(float(row["monetary"])),
    )
    st.caption(plain(told))


def _churn(shown: Analysis, customer_id: int) -> None:
    is_rule = shown.summary["method"] == "rule"
    model = "rule" if is_rule else shown.summary["best"]
    scores = insight.table(shown, f"scores_{model}")
    found = scores[scores["customer_id"] == customer_id]
    if found.empty:
        st.caption(_("No orders by then."))
    elif is_rule:
        _overdue(found)
    else:
        _probability(shown, found)


def _probability(shown: Analysis, found: pd.DataFrame) -> None:
    [row] = found.to_dict("records")
    chance = float(row["probability"])
    told = _("{share} not to order within {days} days")
    days = number(shown.summary["horizon"])
    figures.chance(told.format(share=percent(chance), days=days), chance)
    everybody, churned = shown.summary["judged_from"]
    st.caption(
        plain(
            _("Of all customers: {share}").format(
                share=percent(churned / max(everybody, 1))
            )
        )
    )
    for one in reasons(row):
        st.caption(plain(churn_words.reason(one)))


def _overdue(found: pd.DataFrame) -> None:
    """By the plain rule: no probability is claimed."""
    [row] = found.to_dict("records")
    told = _("{times} usual gaps since the last order")
    st.markdown(f"**{plain(told.format(times=number(row['overdue'], places=1)))}**")
    st.caption(_("By a plain rule, without probabilities"))


def _heading(kind: str, shown: Analysis) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        navigation.link(kind, _(PAGES[kind]))
        st.caption(day(shown.as_of), width="content")


PARTS = {
    "segmentation": _segment,
    "churn": _churn,
    "purchase": next_purchase.show,
    "lifetime_value": lifetime_customer.show,
    "association_rules": next_products.show,
}
