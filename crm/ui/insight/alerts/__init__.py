"""The page of alerts: what was unusual lately, against what was expected."""

from typing import cast

import pandas as pd
import streamlit as st

from crm.analytics.forecast import anomalies
from crm.analytics.forecast.surprise import Unit
from crm.i18n import _, ngettext
from crm.models import Analysis
from crm.ui import address, feedback, insight
from crm.ui.format import number, plain
from crm.ui.insight.alerts import card, how
from crm.ui.insight.churn.words import note
from crm.ui.period_words import UNITS

KIND = "alerts"
BUDGETS = (0.25, 0.5, 1.0, 2.0, 4.0)
FIRST = 8  # alerts with a chart each; the others stand in a table


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=180):
            as_of = insight.as_of(KIND)
        insight.compute(KIND, _("Alerts"), {}, as_of=as_of)
    shown = insight.current(KIND)
    with st.container(horizontal=True, vertical_alignment="bottom", key="alerts_bar"):
        units = {unit: UNITS[unit] for unit in ("week", "day")}
        unit = cast(Unit, address.choice(_("By"), units, "alerts_unit"))
        budget = _budget()
    facts = shown.summary["units"][unit]
    if facts["why_none"]:
        st.info(plain(note(facts["why_none"])), icon=":material/info:")
    elif not facts["series"]:
        st.info(
            _("There is too little in every series to tell what is usual."),
            icon=":material/info:",
        )
    else:
        _found(shown, unit, budget)
    insight.made(shown, how.sentences(shown, unit), left_out=False)


def _budget() -> float:
    chosen: float = st.select_slider(
        _("False alarms a month, at most on average"),
        BUDGETS,
        1.0,
        format_func=lambda value: number(value, places=2),
        key="alerts_budget",
        bind="query-params",
        width=280,
        help=_(
            "Something that looks unusual comes by chance too. This is how many such "
            "alarms a month you accept; with fewer, more of what is real is missed."
        ),
    )
    return chosen


def _found(shown: Analysis, unit: Unit, budget: float) -> None:
    facts = shown.summary["units"][unit]
    scores = insight.table(shown, "scores")
    scores = scores[scores["unit"] == unit]
    found = anomalies.alerts(
        scores, budget=budget, unit=unit, series=len(facts["series"])
    )
    if budget * facts["months"] < anomalies.RARE:
        st.warning(plain(_too_rare(facts["months"])), icon=":material/info:")
    st.markdown(plain(how.expectation(facts, unit, budget)))
    if found.empty:
        feedback.empty(
            _("Nothing unusual."),
            _("Everything that is watched went as it usually does."),
            icon="check_circle",
        )
        return
    count = ngettext("{n} alert", "{n} alerts", len(found)).format(n=len(found))
    st.subheader(plain(count))
    early = insight.table(shown, "early")
    for number_, (_i, alert) in enumerate(found.head(FIRST).iterrows()):
        card.show(alert, card.line(alert, scores, early), unit, number_)
    _others(found.iloc[FIRST:], unit)


def _others(found: pd.DataFrame, unit: Unit) -> None:
    if found.empty:
        return
    with st.expander(_("Earlier ones")):
        for _i, alert in found.iterrows():
            st.markdown("- " + plain(card.sentence(alert, unit)))


def _too_rare(months: float) -> str:
    told = _(
        "The time to compare with ({months} months) is too short for alarms as rare as "
        "that: choose {least} a month or more."
    )
    least = next(
        (one for one in BUDGETS if one * months >= anomalies.RARE), BUDGETS[-1]
    )
    return told.format(months=number(months, places=1), least=number(least, places=2))
