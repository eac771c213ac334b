"""What to look at of a stored forecast: nothing is computed anew."""

from typing import cast

import pandas as pd
import streamlit as st

from crm.analytics.forecast import periods
from crm.analytics.forecast.forecasts import TOTAL, Measure
from crm.analytics.forecast.periods import Unit
from crm.i18n import _
from crm.models import Analysis
from crm.models.words import told
from crm.ui import address, insight
from crm.ui.format import plain
from crm.ui.insight.forecast.series import GROUPINGS, MEASURES, Chosen, label
from crm.ui.period_words import UNITS

USUAL: dict[Unit, int] = {"day": 14, "week": 8, "month": 6}
WHOLE = ""


def show(shown: Analysis) -> Chosen | None:
    """The choices; None where there is no forecast by this unit, and why."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="forecast_bar"):
        measure = cast(Measure, address.choice(_("Of"), MEASURES, "forecast_measure"))
        unit = cast(Unit, address.choice(_("By"), _units(), "forecast_unit"))
        if why := shown.summary["refused"].get(unit):
            st.info(plain(told(why)), icon=":material/info:")
            return None
        by = _grouping(shown, unit)
        rank = _group(Chosen(shown, unit, measure, by, None, 0), by)
        steps = _steps(shown, unit)
    return Chosen(shown, unit, measure, by, rank, steps)


def _units() -> dict[str, str]:
    """Weeks first: days are many, months come seldom."""
    return {unit: UNITS[unit] for unit in ("week", "day", "month")}


def _grouping(shown: Analysis, unit: Unit) -> str:
    series = insight.table(shown, "series")
    known = set(series.loc[series["unit"] == unit, "by"])
    options = {by: _(name) for by, name in GROUPINGS.items() if by in known}
    if len(options) == 1:
        return TOTAL
    return address.menu(_("Groups"), options, "forecast_by", usual=TOTAL, width=190)


def _group(chosen: Chosen, by: str) -> int | None:
    if by == TOTAL:
        return None
    options = {WHOLE: _("The whole")}
    options |= {str(row["rank"]): label(row) for row in _rows(chosen.groups)}
    given = address.menu(
        _("In the chart"), options, f"forecast_{by}", usual=WHOLE, width=220
    )
    return int(given) if given else None


def _rows(table: pd.DataFrame) -> list[pd.Series]:
    return [row for _index, row in table.iterrows()]


def _steps(shown: Analysis, unit: Unit) -> int:
    """How far to look ahead."""
    expected = insight.table(shown, "expected")
    series = insight.table(shown, "series")
    first = series.loc[series["unit"] == unit, "series"].iloc[0]
    most = int(expected.loc[expected["series"] == first, "step"].max())
    if most == 1:
        return 1
    usual = min(USUAL[unit], most)
    key = f"forecast_{unit}s_ahead"
    if st.session_state.get(key, 1) > most:
        del st.session_state[key]
    chosen: int = st.slider(
        _("Look ahead, in {unit}").format(unit=_(periods.WORDS[unit])),
        1,
        most,
        usual,
        key=key,
        bind="query-params",
        width=220,
    )
    return chosen
