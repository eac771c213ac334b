"""What the simulation says, by month or quarter, and the opportunities behind it."""

import pandas as pd
import streamlit as st

from crm import db
from crm.config import settings
from crm.i18n import _
from crm.models import Analysis, ForecastCategory, Period
from crm.models.words import told
from crm.services.days import today
from crm.services.sales import forecast_calls_sums as sums
from crm.services.sales import targets, targets_about
from crm.ui import access, address, charts, insight
from crm.ui.format import plain
from crm.ui.sales.sales_forecast import chart, records
from crm.ui.sales.sales_forecast.chosen import Chosen, period_name
from crm.ui.sales.sales_forecast.words import UNITS


def show(chosen: Chosen, shown: Analysis) -> None:
    """A bar for each period with its interval, and a table of the same."""
    if records.is_refused(shown):
        return
    if why := shown.summary.get("refused"):
        _weighted(chosen, shown, told(why))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = Period(address.choice(_("Bars"), UNITS, "sales_unit"))
        with_new = st.toggle(
            _("With opportunities that are not open yet"),
            value=True,
            key="sales_new",
            bind="query-params",
        )
    rows = expected(shown, chosen, unit, "all" if with_new else "open")
    if rows.empty:
        st.info(_("They had no part in this result. Compute again."))
        return
    rows = rows.assign(target=_targets(chosen, unit, rows["period"]))
    picked = charts.pick(
        chart.ahead(rows, unit),
        key="sales_ahead",
        alt=_("What is won and expected by period, {who}").format(who=chosen.label),
        x=_(UNITS[unit]),
        y=_("Won, {currency}").format(currency=settings().currency),
        height=360,
    )
    st.caption(
        _("Boxes hold 80 % of the simulated futures. Click one for its records.")
    )
    if picked.ids and picked.ids[0]:
        _behind(chosen, unit, pd.Timestamp(str(picked.ids[0])))
    _table(rows, unit)


def expected(shown: Analysis, chosen: Chosen, unit: str, part: str) -> pd.DataFrame:
    """The rows of a part about the chosen ones, by period."""
    table = insight.table(shown, "expected")
    mine = (table["about"] == chosen.about.key) & (table["unit"] == unit)
    return table[mine & (table["part"] == part)].reset_index(drop=True)


def _behind(chosen: Chosen, unit: Period, first: pd.Timestamp) -> None:
    """The ways to what is won in a period, and to what is expected to close in it."""
    day = first.date()
    with db.reading(access.current()) as session:
        owners = targets_about.owner_ids(session, chosen.about)
        won = sums.won_rule(unit, day, owners)
        due = sums.open_rule(
            unit, day, owners, ForecastCategory.PIPELINE, today=today()
        )
        found = [
            (label, sums.summed(session, rule, today=today()))
            for label, rule in (
                (_("Won"), won),
                (_("Open, expected to close then"), due),
            )
            if rule is not None
        ]
    with st.container(border=True):
        st.markdown(f"**{plain(period_name(unit, day))}**")
        for position, (label, total) in enumerate(found):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(f"{label}: {records.amount(total)}"))
                records.button(total, f"sales_behind_{position}")


def _targets(chosen: Chosen, unit: Period, periods: pd.Series) -> list[float | None]:
    with db.reading(access.current()) as session:
        rows = [
            targets.found(session, chosen.about, unit, day.date()) for day in periods
        ]
    return [float(row.amount) if row else None for row in rows]


def _table(rows: pd.DataFrame, unit: str) -> None:
    names = [period_name(unit, day.date()) for day in rows["period"]]
    columns = ["won", "p10", "p50", "p90", "target"]
    table = rows[columns].astype("float64").round(0).assign(period=names)
    amount = st.column_config.NumberColumn
    st.dataframe(
        table[["period", *columns]].dropna(axis=1, how="all"),
        key="sales_ahead_table",
        placeholder="–",
        hide_index=True,
        height="content",
        column_config={
            "period": st.column_config.TextColumn(_("Period"), pinned=True),
            "won": amount(_("Won so far"), format="localized"),
            "p10": amount(_("P10"), format="localized"),
            "p50": amount(_("P50"), format="localized"),
            "p90": amount(_("P90"), format="localized"),
            "target": amount(_("Target"), format="localized"),
        },
    )


def _weighted(chosen: Chosen, shown: Analysis, why: str) -> None:
    """The simple weighted sum, and in words why there is nothing better."""
    st.info(plain(why), icon=":material/info:")
    st.caption(_("Instead, amounts times the probability set for their stage:"))
    table = insight.table(shown, "weighted")
    mine = table[table["about"] == chosen.about.key]
    if mine.empty:
        st.markdown(_("Nothing is open that has an amount and an expected day."))
        return
    names = [period_name("month", pd.Timestamp(day).date()) for day in mine["month"]]
    st.dataframe(
        pd.DataFrame({"month": names, "amount": mine["amount"].round(0)}),
        key="sales_weighted",
        hide_index=True,
        height="content",
        column_config={
            "month": st.column_config.TextColumn(_("Month"), pinned=True),
            "amount": st.column_config.NumberColumn(
                _("Weighted, {currency}").format(currency=settings().currency),
                format="localized",
            ),
        },
    )
