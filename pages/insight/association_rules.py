"""Association rules: what is bought together, and whom to offer the other part."""

import streamlit as st

from crm.i18n import _
from crm.ui import insight
from crm.ui.insight.rules import (
    asking,
    next_products,
    one,
    result,
    sliders,
    views,
    words,
)

st.title(_("Association rules"))
st.caption(_("What is bought together, tested against chance, and whom to offer it."))
asking.show()

shown = insight.current(asking.KIND)
rules, following = st.tabs(
    [_("Rules"), _("Next product")], key="rules_part", on_change="rerun"
)
with rules:
    if rules.open:
        found = result.load(shown)
        words.headline(shown, found)
        if len(found.rules):
            chosen = sliders.show(found)
            words.left(found, chosen)
            views.show(found, chosen)
            one.show(found, chosen)
with following:
    if following.open:
        next_products.show(shown)
insight.made(shown, words.how(shown), left_out=False)
