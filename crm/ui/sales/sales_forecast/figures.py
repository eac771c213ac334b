"""The figures of a period: won, counted on, to be won, and what the simulation says."""

from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.i18n import _
from crm.models import Analysis, Period
from crm.services.days import today
from crm.services.sales import forecast_calls, targets_about
from crm.services.sales.forecast_calls import Call, Calls
from crm.services.sales.forecast_calls_sums import Sum, everything_open
from crm.ui import access, insight, navigation
from crm.ui.format import percent, plain, rounded
from crm.ui.sales.sales_forecast import records
from crm.ui.sales.sales_forecast.chosen import Chosen
from crm.ui.sales.sales_forecast.words import CATEGORIES, HUNDREDTHS, YEARLY


def show(chosen: Chosen, shown: Analysis | None) -> Calls:
    """One row of figures, each with the way to its opportunities."""
    with db.reading(access.current()) as session:
        found = forecast_calls.calls(
            session, chosen.about, chosen.period, chosen.starts_on, today=today()
        )
        owners = targets_about.owner_ids(session, chosen.about)
    records.refusal(
        found.won,
        *(one.sum for one in found.calls[-1:]),
        simulated=shown.summary["unpriced"] if shown else None,
    )
    with st.grid(4, min_column_width=160):
        _won(found)
        for call in found.calls:
            _call(call)
        if not found.calls:
            _card(_("Open"), "–", help=_("The period is over."))
        _target(found)
        _simulated(chosen, shown, everything_open(owners))
    _undated(found.undated)
    return found


def simulated(shown: Analysis | None, chosen: Chosen) -> dict[str, float] | None:
    """P10, P50 and P90 of the period with all parts; None where there are none."""
    if shown is None or shown.summary.get("refused"):
        return None
    table = insight.table(shown, "expected")
    mine = table[
        (table["about"] == chosen.about.key)
        & (table["unit"] == chosen.period)
        & (table["period"] == pd.Timestamp(chosen.starts_on))
        & (table["part"] == "all")
    ]
    return None if mine.empty else mine.iloc[0][list(HUNDREDTHS)].to_dict()


def _won(found: Calls) -> None:
    share = None
    if found.target and (found.won.is_whole or records.adds_up_the_rest()):
        share = _("{share} of the target").format(
            share=percent(float(found.won.amount / found.target))
        )
    with _card(_("Won"), records.amount(found.won), delta=share):
        records.button(found.won, "sales_won")


def _call(call: Call) -> None:
    label = _(CATEGORIES[call.category])
    value = records.amount(call.sum)
    if call.is_said:
        value = rounded(float(call.amount))
    said = _("set by hand; sum {amount}").format(amount=records.amount(call.sum))
    with _card(
        label,
        value,
        delta=said if call.is_said else None,
        help=_("Open, and expected to close in the period. It includes what is surer."),
    ):
        records.button(call.sum, f"sales_{call.category}")


def _target(found: Calls) -> None:
    value = "–" if found.target is None else rounded(float(found.target))
    with _card(_("Target"), value):
        if navigation.page("targets"):
            st.button(
                _("Targets"),
                icon=":material/flag:",
                type="tertiary",
                key="sales_target",
                on_click=navigation.go,
                args=["targets"],
            )


def _simulated(chosen: Chosen, shown: Analysis | None, rule: Any) -> None:
    """Of everyone's customers only: that of a segment is no part of these figures."""
    is_whole = shown is not None and not shown.summary.get("segment")
    found = simulated(shown, chosen) if is_whole else None
    if shown is not None and found is not None and shown.summary["unpriced"]:
        found = found if records.adds_up_the_rest() else None
    for name, (label, told) in HUNDREDTHS.items():
        value = "–" if found is None else rounded(found[name])
        hint = YEARLY if chosen.period is Period.YEAR else told
        with _card(_(label), value, help=_(hint)):
            st.button(
                _("What is open"),
                icon=":material/list:",
                type="tertiary",
                key=f"sales_{name}",
                on_click=records.open_list,
                args=[rule],
            )


def _undated(undated: Sum) -> None:
    if undated.count:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("Open without an expected day, and so in no period:"))
            records.button(undated, "sales_undated")


def _card(
    label: str, value: str, *, delta: str | None = None, help: str | None = None
) -> Any:
    """A figure in a frame, and a place below it."""
    box = st.container(border=True, gap="xxsmall")
    box.metric(
        label,
        plain(value) if value == "–" else value,
        delta=delta,
        delta_color="off",
        delta_arrow="off",
        help=help,
    )
    return box
