"""Over time: did it come true, have the customers changed, how the runs compare."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.analytics.churn import drift
from crm.i18n import N_, _
from crm.models import Analysis
from crm.services import analyses
from crm.ui import access, insight
from crm.ui.format import bold, day, number, percent, plain
from crm.ui.insight.churn import runs, words


def show(shown: Analysis) -> None:
    """The earlier prediction, the drift, the stored runs."""
    _past(shown)
    _drift(shown)
    with db.reading(access.current()) as session:
        found = analyses.listed(session, shown.kind)
    runs.show(shown, found)


def _past(shown: Analysis) -> None:
    st.markdown(bold(_("Did it come true?")))
    past: dict[str, Any] | None = shown.summary.get("past")
    if past is None:
        st.caption(plain(_(NO_PAST)))
        return
    actual = past["actual"]
    told = _(
        "On {day}, {expected} of {customers} customers were expected not to order "
        "within {days} days; {actual} did not ({low} to {high} by a 95% interval)."
    )
    st.markdown(
        plain(
            told.format(
                day=day(date.fromisoformat(past["as_of"])),
                expected=percent(past["expected"], places=1),
                customers=number(past["customers"]),
                days=number(past["horizon"]),
                actual=percent(actual["value"], places=1),
                low=percent(actual["low"], places=1),
                high=percent(actual["high"], places=1),
            )
        )
    )
    if past["auc"]:
        ranked = _("Its ranking had an AUC of {auc}, its Brier score was {brier}.")
        auc, brier = f"{past['auc']['value']:.3f}", f"{past['brier']:.4f}"
        st.caption(plain(ranked.format(auc=auc, brier=brier)))


def _drift(shown: Analysis) -> None:
    st.markdown(bold(_("Have the customers changed?")))
    table = insight.table(shown, "drift")
    sizes = [drift.size(row.psi, row.luck) for row in table.itertuples()]
    large = [
        _(words.FEATURE_NAMES[name])
        for name, size in zip(table["feature"], sizes, strict=True)
        if size == "large" and name not in AGES
    ]
    if large:
        told = _("Much changed since the models learned: {features}.")
        st.warning(
            plain(told.format(features="; ".join(large))), icon=":material/info:"
        )
    else:
        st.markdown(plain(_("Nothing has changed much since the models learned.")))
    names = [_(words.FEATURE_NAMES[name]) for name in table["feature"]]
    rows = {
        "feature": names,
        "psi": table["psi"].round(3),
        "luck": table["luck"].round(3),
        "change": [_(SIZES[size]) for size in sizes],
    }
    kinds = st.column_config
    with st.expander(_("Change of each feature"), icon=":material/difference:"):
        st.dataframe(
            pd.DataFrame(rows),
            key="churn_drift",
            hide_index=True,
            column_config={
                "feature": kinds.TextColumn(_("Feature"), pinned=True),
                "psi": kinds.NumberColumn(_("Stability index"), format="%.3f"),
                "luck": kinds.NumberColumn(_("By luck, up to"), format="%.3f"),
                "change": kinds.TextColumn(_("Change")),
            },
        )
        learned_on = day(date.fromisoformat(shown.summary["judged_on"]))
        told = _(ABOUT_DRIFT).format(before=learned_on, now=day(shown.as_of))
        st.caption(plain(told))


AGES = {"tenure"}  # grow by themselves, and are bounded to what was learned
SIZES = {"little": N_("little"), "some": N_("some"), "large": N_("large")}
NO_PAST = N_(
    "No earlier result has a horizon that has passed by this day. Once one has, it is "
    "held here against the orders that came."
)
ABOUT_DRIFT = N_(
    "Population stability index between the customers of {before}, whom today's "
    "scores were learned from, and those of {now}. Up to 0.1 is little, above 0.25 "
    "large, by a custom of credit scoring (Lewis 1994), which is no law; what luck "
    "alone exceeds in 5% of cases is given beside it (Yurdakul 2018). Times since the "
    "first and the last order grow by themselves where few customers are new."
)
