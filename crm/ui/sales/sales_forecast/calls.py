"""Commit, best case and pipeline one by one, what managers have said, and a form."""

from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import streamlit as st
from sqlmodel import Session

from crm import db
from crm.errors import Invalid
from crm.i18n import _, ngettext
from crm.models import ForecastCategory
from crm.services.sales import forecast_calls
from crm.services.sales.forecast_calls import Calls, Expectation, Said
from crm.ui import access, feedback
from crm.ui.format import (
    bold,
    moment,
    money,
    number,
    percent,
    plain,
    rounded,
    whose_times,
)
from crm.ui.sales.sales_forecast import records
from crm.ui.sales.sales_forecast.chosen import Chosen
from crm.ui.sales.sales_forecast.words import CATEGORIES
from crm.ui.typed import ungrouped

AMOUNT, NOTE, CATEGORY = "sales_said_amount", "sales_said_note", "sales_said_of"


def show(chosen: Chosen, found: Calls) -> None:
    """What counts, beside the target; the history of what was said."""
    if not found.calls:
        st.info(_("The period is over: nothing is open in it."))
    else:
        _table(found)
        st.caption(
            _(
                "An opportunity counts by its forecast category; where none is set, by "
                "the probability of its stage: from 80 % as commit, from 50 % as best "
                "case, else as pipeline. Each row includes the ones above. What is "
                "overdue counts in the present period."
            )
        )
    with db.reading(access.current()) as session:
        may = forecast_calls.may_override(session, chosen.about)
        told = forecast_calls.history(
            session, chosen.about, chosen.period, chosen.starts_on
        )
    if may and found.calls:
        _form(chosen, found)
    _history(told)


def _table(found: Calls) -> None:
    rows = []
    for call in found.calls:
        whole = found.won.is_whole and (call.is_said or call.sum.is_whole)
        whole = whole or records.adds_up_the_rest()
        together = call.amount + found.won.amount
        reached = float(together / found.target) if found.target and whole else None
        rows.append(
            {
                "category": _(CATEGORIES[call.category]),
                "count": call.sum.count,
                "sum": records.amount(call.sum),
                "said": rounded(float(call.amount)) if call.is_said else "–",
                "together": rounded(float(together)) if whole else "–",
                "reached": percent(reached),
            }
        )
    text = st.column_config.TextColumn
    st.dataframe(
        pd.DataFrame(rows),
        key="sales_calls",
        hide_index=True,
        height="content",
        column_config={
            "category": text(_("Forecast category"), pinned=True),
            "count": st.column_config.NumberColumn(_("Opportunities")),
            "sum": text(_("Sum"), alignment="right"),
            "said": text(_("Set by a manager"), alignment="right"),
            "together": text(_("With what is won"), alignment="right"),
            "reached": text(_("Of the target"), alignment="right"),
        },
    )


def _form(chosen: Chosen, found: Calls) -> None:
    with st.popover(_("Override"), icon=":material/edit:"):
        st.selectbox(
            _("Forecast category"),
            [call.category for call in found.calls],
            format_func=lambda one: _(CATEGORIES[one]),
            key=CATEGORY,
        )
        st.text_input(
            _("Amount"),
            key=AMOUNT,
            help=_("In the book currency. Leave it empty to let the sum count again."),
        )
        st.text_input(_("Remark"), key=NOTE)
        st.button(
            _("Save"),
            type="primary",
            key="sales_said_save",
            on_click=_save,
            args=[chosen],
        )


def _save(chosen: Chosen) -> None:
    """For the button: what stands in the form now."""
    state = st.session_state
    category: ForecastCategory = state[CATEGORY]
    done = _("{category} of {period} is noted.").format(
        category=_(CATEGORIES[category]), period=chosen.name
    )
    made = feedback.run(done, _noted, chosen, category, state[AMOUNT], state[NOTE])
    if made:
        state[AMOUNT] = state[NOTE] = ""


def _noted(
    session: Session, chosen: Chosen, category: ForecastCategory, text: str, note: str
) -> Any:
    said = Expectation(category, read(text), note)
    about, period, day = chosen.about, chosen.period, chosen.starts_on
    return forecast_calls.override(session, about, period, day, said)


def read(text: str) -> Decimal | None:
    """An amount as somebody types it; None where nothing is typed.

    Raises:
        Invalid: it is no number.
    """
    if not (said := ungrouped(text)):
        return None
    try:
        return Decimal(said)
    except InvalidOperation as error:
        raise Invalid(_("This is not a number."), field="amount") from error


def _history(told: list[Said]) -> None:
    st.markdown(bold(_("What managers have said")))
    if not told:
        st.caption(_("Nobody has overridden a sum of this period."))
        return
    total = _("the sum")
    rows = [
        {
            "at": moment(one.at),
            "who": one.who,
            "category": _(CATEGORIES[one.category]),
            "before": total if one.before is None else money(one.before),
            "after": total if one.after is None else money(one.after),
            "note": one.note,
        }
        for one in told
    ]
    text = st.column_config.TextColumn
    st.dataframe(
        pd.DataFrame(rows),
        key="sales_history",
        hide_index=True,
        height="content",
        column_config={
            "at": text(_("When"), help=whose_times()),
            "who": text(_("Who")),
            "category": text(_("Forecast category")),
            "before": text(_("From"), alignment="right"),
            "after": text(_("To"), alignment="right"),
            "note": text(_("Remark")),
        },
    )
    words = ngettext(
        "{n} entry, never changed.", "{n} entries, none ever changed.", len(told)
    )
    st.caption(plain(words.format(n=number(len(told)))))
