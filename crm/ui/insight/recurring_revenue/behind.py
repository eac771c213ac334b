"""The customers behind a movement, and the way to their subscriptions."""

from typing import Any

import pandas as pd
import streamlit as st

from crm.i18n import _
from crm.models import Analysis
from crm.services.comparisons import MAX_ITEMS
from crm.ui import filter_builder, insight, navigation, ranking
from crm.ui.format import plain
from crm.ui.ranking import Ranked


def show(shown: Analysis, month: pd.Timestamp, kind: str, label: str) -> None:
    """Those with that movement in that month, the largest change first."""
    table = insight.table(shown, "movements")
    mine = table[(table["month"] == month) & (table["kind"] == kind)]
    mine = mine.assign(change=mine["after"] - mine["before"])
    mine = mine.sort_values("change", key=abs, ascending=False)
    title = f"{label}, {month:%Y-%m}"
    with st.container(border=True):
        st.markdown(f"**{plain(title)}**")
        ranked = Ranked(
            mine,
            title,
            _("By the recurring revenue as of {day}").format(
                day=shown.as_of.isoformat()
            ),
            lambda rows: rows[["before", "after", "change"]],
            _config(),
        )
        ranking.show(shown, ranked, key="mrr")
        _subscriptions(mine["customer_id"].tolist())


def _config() -> dict[str, Any]:
    amount = st.column_config.NumberColumn
    return {
        "before": amount(_("MRR before"), format="localized"),
        "after": amount(_("MRR after"), format="localized"),
        "change": amount(_("Change"), format="localized"),
    }


def _subscriptions(customer_ids: list[int]) -> None:
    """A button to the list, as far as a filter takes so many customers."""
    if not 0 < len(customer_ids) <= MAX_ITEMS:
        return
    st.button(
        _("Show their subscriptions"),
        icon=":material/autorenew:",
        key="mrr_subscriptions",
        on_click=_open,
        args=[[int(one) for one in customer_ids]],
    )


def _open(customer_ids: list[int]) -> None:
    condition = {"field": "customer_id", "op": "any", "value": customer_ids}
    rule = {"match": "all", "rules": [condition]}
    filter_builder.clear("subscriptions")
    navigation.go("subscriptions", subscriptions_f=filter_builder.dumped(rule))
