"""What is bought together with a product, on the page of that product."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from crm import db
from crm.analytics.rules.association_rules import select
from crm.i18n import _
from crm.models import Action, Analysis, Product
from crm.services import analyses
from crm.ui import access, insight, navigation
from crm.ui.format import plain
from crm.ui.insight.rules import result
from crm.ui.insight.rules.figures import of_hundred, ratio
from crm.ui.insight.rules.result import STANDS, SURE, Found

KIND = "association_rules"
SHOWN = 5


def show(product: Product) -> None:
    """The surest rules that hold it, where there are any beyond chance."""
    shown = _newest()
    if shown is None:
        return
    found = result.load(shown)
    rules = holding(found, product.id)
    if rules.empty:
        return
    st.subheader(_("Bought with it"))
    for _number, rule in _different(found, rules).iterrows():
        with st.container(horizontal=True, vertical_alignment="center"):
            left, right = found.sides[int(rule.name)]
            for other in left if product.id in right else right:
                navigation.link("product", found.names[other], id=other)
            st.caption(plain(_told(found, rule)), width="content")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("All rules with it"),
            icon=":material/hub:",
            key="product_rules",
            on_click=_open,
            args=[shown.id, product.sku],
        )
        insight.stamp(shown)


def holding(found: Found, product_id: int) -> pd.DataFrame:
    """The rules with the product on either side that stand beyond chance, and say more
    than a shorter one; the surest first.
    """
    held = found.right == product_id
    flat, whose = found.left
    held[np.unique(whose[flat == product_id])] = True
    rules = select(found.rules[held], support=0, confidence=0, lift=0, q=STANDS)
    return rules[rules["q_shorter"] <= SURE]


def _different(found: Found, rules: pd.DataFrame) -> pd.DataFrame:
    """The first few, each of other products than those before it."""
    products = [frozenset(sum(found.sides[int(at)], ())) for at in rules.index]
    return rules[~pd.Series(products, index=rules.index).duplicated()].head(SHOWN)


def _open(analysis_id: int, sku: str) -> None:
    navigation.go(KIND, **{f"{KIND}_shown": analysis_id, "rules_text": sku})


def _newest() -> Analysis | None:
    """The newest rules of products, not of categories, in the reader's reach."""
    actor = access.current()
    if not actor.may(Action.READ, "analysis"):
        return None
    with db.reading(actor) as session:
        found = analyses.listed(session, KIND)
    of_products = (one for one in found if one.parameters.get("level") != "category")
    return next(of_products, None)


def _told(found: Found, rule: Any) -> str:
    left, right = (found.side(side) for side in found.sides[int(rule.name)])
    words = _(
        "{n} of 100 baskets with {a} have {b} too, {lift} times as often as all baskets"
    )
    if found.is_customer:
        words = _(
            "{n} of 100 customers who bought {a} bought {b} too, {lift} times as often "
            "as all customers"
        )
    n, lift = of_hundred(rule.confidence), ratio(rule.lift)
    return words.format(n=n, a=left, b=right, lift=lift)
