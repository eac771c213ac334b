"""Targets as a table to write into, and how far those of a period have come."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm import db
from crm.config import settings
from crm.errors import Invalid
from crm.i18n import _, ngettext
from crm.models import Period
from crm.services.days import today
from crm.services.sales import targets, targets_about, targets_attainment
from crm.services.sales.targets import Cell
from crm.services.sales.targets_about import About
from crm.services.sales.targets_attainment import Attainment
from crm.services.sales.targets_periods import first_day, shifted
from crm.ui import access, address, feedback, navigation
from crm.ui.format import number, percent, plain, rounded
from crm.ui.sales.sales_forecast import records
from crm.ui.sales.sales_forecast.chosen import PERIODS, period_name, start

TURN = "_targets_turn"  # of the grid: it begins anew when it was saved
YEARS = range(-2, 3)  # of the grid, 0 is the present one


@dataclass(frozen=True)
class Grid:
    """Who is down the side, which periods are along the top, and the targets."""

    period: Period
    who: dict[About, str]
    days: list[date]
    amounts: dict[tuple[About, date], Decimal]


def show() -> None:
    """The whole page below its title."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = Period(
            address.choice(_("By"), PERIODS, "targets_by", usual=Period.QUARTER.value)
        )
        starts_on = start(period, f"targets_{period}")
    _attainments(period, starts_on)
    st.subheader(_("Set targets"))
    first = first_day(Period.YEAR, today())
    years = {str(first.year + n): str(first.year + n) for n in YEARS}
    if period is Period.YEAR:
        days = [shifted(period, first, n) for n in YEARS]
    else:
        year = address.menu(
            _("Year"), years, "targets_year", usual=str(first.year), width=120
        )
        begins = date(int(year), 1, 1)
        days = [shifted(period, begins, n) for n in range(12 // period.months)]
    _edit(_grid(period, days))


def _attainments(period: Period, starts_on: date) -> None:
    """The targets of one period: won, reached, pace, and what is needed by week."""
    with db.reading(access.current()) as session:
        names = targets_about.choices(session)
        found = targets_attainment.attainments(
            session, period, starts_on, today=today()
        )
    if not found:
        st.info(_("No target is set for this period yet."), icon=":material/flag:")
        return
    records.refusal(*(one.won for one in found))
    picked: Any = st.dataframe(
        pd.DataFrame([_row(one, names) for one in found]),
        key=f"targets_{period}_{starts_on}_reached",
        hide_index=True,
        height="content",
        on_select="rerun",
        selection_mode="single-row",
        column_config=_columns(),
    )
    st.caption(
        _(
            "Pace is what is reached against the share of the period that is over: 100 "
            "% is on time. Choose a row to see what was won."
        )
    )
    for position in picked["selection"]["rows"]:
        _behind(found[position], names)


def _row(one: Attainment, names: dict[About, str]) -> dict[str, Any]:
    can = one.won.is_whole or records.adds_up_the_rest()
    return {
        "who": names.get(one.about, "–"),
        "target": rounded(float(one.target)),
        "won": records.amount(one.won),
        "share": one.reached if can else None,
        "reached": percent(one.reached if can else None),
        "gone": percent(one.gone),
        "pace": percent(one.pace if can else None),
        "missing": rounded(float(one.missing)) if can else "–",
        "week": "–" if one.a_week is None or not can else rounded(one.a_week),
    }


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    labels = {
        "target": _("Target"),
        "won": _("Won so far"),
        "reached": _("Attained"),
        "gone": _("Period over"),
        "pace": _("Pace"),
        "missing": _("Missing"),
        "week": _("Needed each week"),
    }
    bar = st.column_config.ProgressColumn("", format=" ", width="small", max_value=1)
    aligned = {name: text(label, alignment="right") for name, label in labels.items()}
    return {"who": text(_("For"), pinned=True), "share": bar} | aligned


def _behind(one: Attainment, names: dict[About, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(_("Won: {who}").format(who=names.get(one.about, "–"))))
        records.button(one.won, "targets_won")
        if navigation.page("sales_forecast"):
            st.button(
                _("Sales forecast"),
                icon=":material/monitoring:",
                type="tertiary",
                key="targets_forecast",
                on_click=navigation.go,
                args=["sales_forecast"],
                kwargs={"sales_about": one.about.key},
            )


def _grid(period: Period, days: list[date]) -> Grid:
    with db.reading(access.current()) as session:
        who = targets_about.choices(session)
        rows = targets.listed(session, period=period, first=days[0], last=days[-1])
    amounts = {(About.of(row), row.starts_on): row.amount for row in rows}
    return Grid(period, who, days, amounts)


def _edit(grid: Grid) -> None:
    """One row for each, one column for each period; empty is no target."""
    with db.reading(access.current()) as session:
        may = [targets.may_set(session, about) for about in grid.who]
    names = pd.Series(list(grid.who.values()), dtype="str", name="who")
    cells = {
        day.isoformat(): [_float(grid.amounts.get((about, day))) for about in grid.who]
        for day in grid.days
    }
    table = pd.DataFrame({"who": names} | cells).astype(dict.fromkeys(cells, "float64"))
    key = f"targets_{grid.period}_{grid.days[0]}_{st.session_state.get(TURN, 0)}"
    amount = st.column_config.NumberColumn
    config: dict[str, Any] = {
        day.isoformat(): amount(
            period_name(grid.period, day), format="localized", min_value=0
        )
        for day in grid.days
    }
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        num_rows="fixed",
        height="content",
        placeholder="",
        on_change="ignore",
        disabled=not any(may) or ["who"],
        column_config={
            "who": st.column_config.TextColumn(_("For"), pinned=True, width=170)
        }
        | config,
    )
    st.caption(
        plain(_("In {currency}; empty is no target.").format(
            currency=settings().currency
        ))
    )  # fmt: skip
    if any(may):
        st.button(
            _("Save"),
            type="primary",
            icon=":material/save:",
            key="targets_save",
            on_click=_save,
            args=[grid, key],
        )


def _save(grid: Grid, key: str) -> None:
    """For the button: what was written into the grid, all of it or nothing."""
    edited = st.session_state.get(key, {}).get("edited_rows", {})
    with feedback.caught():
        cells = _cells(grid, edited)
        if not cells:
            feedback.flash(_("Nothing was changed."))
            return
        made = feedback.run(_told, _write, cells)
        if made is not None:
            st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _told(count: int) -> str:
    words = ngettext("{n} target is saved.", "{n} targets are saved.", count)
    return words.format(n=number(count))


def _write(session: Session, cells: list[Cell]) -> int:
    return targets.write(session, cells)


def _cells(grid: Grid, edited: dict[int, dict[str, Any]]) -> list[Cell]:
    who = list(grid.who)
    found = []
    for row, values in edited.items():
        for column, value in values.items():
            about, day = who[int(row)], date.fromisoformat(column)
            before, after = grid.amounts.get((about, day)), _decimal(value)
            if before != after:
                found.append(Cell(about, grid.period, day, before, after))
    return found


def _float(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _decimal(value: Any) -> Decimal | None:
    """What a cell holds, in whole cents: a browser knows no more of it.

    Raises:
        Invalid: it is no number.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(_("This is not a number."), field="amount")
    return Decimal(str(round(value, 2)))
