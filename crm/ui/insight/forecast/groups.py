"""The groups one by one, and their sum beside the forecast of the whole."""

import pandas as pd
import streamlit as st

from crm.analytics.forecast import forecast_methods
from crm.analytics.forecast.forecasts import TOTAL
from crm.i18n import _
from crm.ui import period_words
from crm.ui.format import percent, plain
from crm.ui.insight.forecast.series import GROUPINGS, Chosen, label

LINE = 52  # the last periods in the small lines


def show(chosen: Chosen) -> None:
    """A row for each group; nothing where the whole is looked at."""
    if chosen.by == TOTAL:
        return
    st.subheader(_(GROUPINGS[chosen.by]))
    rows = pd.DataFrame([_row(chosen, one) for _i, one in chosen.groups.iterrows()])
    st.markdown(plain(_sum(chosen, rows["expected"].sum())))
    kinds = st.column_config
    st.dataframe(
        rows,
        key="forecast_groups",
        hide_index=True,
        height="content",
        column_config={
            "group": kinds.TextColumn(_("Group"), pinned=True, width=190),
            "line": kinds.LineChartColumn(_("So far, and expected"), width=170),
            "before": kinds.NumberColumn(
                _("In {span}").format(
                    span=period_words.before(chosen.steps, chosen.unit)
                ),
                format="localized",
            ),
            "expected": kinds.NumberColumn(
                _("In {span}").format(
                    span=period_words.following(chosen.steps, chosen.unit)
                ),
                format="localized",
            ),
            "low": kinds.NumberColumn(_("80% interval, from"), format="localized"),
            "high": kinds.NumberColumn(_("To"), format="localized"),
            "method": kinds.TextColumn(_("Method")),
        },
    )


def _row(chosen: Chosen, one: pd.Series) -> dict[str, object]:
    history = chosen.of("history", one["series"])["value"]
    expected = chosen.of("expected", one["series"])
    last, method = expected.iloc[-1], one["method"]
    return {
        "group": label(one),
        "line": [*history.tail(LINE), *expected["expected"]],
        "before": round(float(history.tail(chosen.steps).sum())),
        "expected": round(float(last["total"])),
        "low": round(float(last["total_low_80"])),
        "high": round(float(last["total_high_80"])),
        "method": _(forecast_methods.LABELS[method]),
    }


def _sum(chosen: Chosen, total: float) -> str:
    """Each is forecast by itself, so that they need not add up."""
    if chosen.measure == "orders" and chosen.by != "country":
        return _(
            "An order counts in each group that it has anything of, so the groups do "
            "not add up to the whole."
        )
    whole = float(chosen.of("expected", chosen.total["series"])["total"].iloc[-1])
    told = _(
        "Each group is forecast by itself. Together they come to {sum}; the forecast "
        "of the whole is {whole}."
    ).format(sum=chosen.about(total), whole=chosen.about(whole))
    if whole > 0:
        return f"{told} " + _("The difference is {share}.").format(
            share=percent(abs(total / whole - 1), places=1)
        )
    return told
