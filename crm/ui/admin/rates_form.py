"""One currency: the history of its rate, and a form to enter, change or delete one."""

from datetime import date
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from crm import db
from crm.config import settings
from crm.errors import CRMError
from crm.i18n import _, ngettext
from crm.models import Action, ExchangeRate, ExchangeRateFields
from crm.services import records, small_files
from crm.services.days import today
from crm.services.money import exchange_rates
from crm.ui import access, charts, day_input, feedback, inputs, rate_words
from crm.ui.admin import rates_view
from crm.ui.format import bold, number, plain

SHOWN = 500
FEW = 60  # days, each of which gets a mark


def show(code: str) -> None:
    """The chart, the form for who may write, and the rates behind it."""
    actor = access.current()
    with db.reading(actor) as session:
        history = exchange_rates.history(session, code)
        rates = exchange_rates.listed(session, currency=code, limit=SHOWN)
    if history:
        _chart(code, history)
    may = actor.may(Action.CREATE, "exchange_rate")
    if not history:
        feedback.empty(
            _("There is no rate of {currency} yet.").format(currency=code),
            _("Enter one here, or bring in a file below.")
            if may
            else _("Managers and administrators enter rates."),
            icon="show_chart",
        )
    if may:
        _form(code)
    if rates:
        rates_view.table(
            code, rates, len(history), lambda picked: _pick(code, rates, picked)
        )
        _download(code, history)


def _chart(code: str, history: list[tuple[date, Decimal]]) -> None:
    days = [each[0] for each in history]
    line = go.Scatter(
        x=[str(one) for one in days],
        y=[float(rate) for _day, rate in history],
        mode="lines+markers" if len(days) <= FEW else "lines",
        line={"shape": "hv"},  # a rate holds until the next
        name=code,
    )
    figure = go.Figure(line)
    figure.update_xaxes(type="date")
    told = ngettext("The rate of {currency} on {n} day",
                    "The rate of {currency} on {n} days", len(days))  # fmt: skip
    charts.show(
        figure,
        key="rates_chart",
        alt=told.format(currency=code, n=number(len(days))),
        x=_("Day"),
        y=rates_view.unit(code),
        height=260,
    )


def _form(code: str) -> None:
    """Day and rate, in either direction; what is there of that day is changed."""
    book = settings().currency
    key = f"rate_{code}_{{}}".format
    st.session_state.setdefault(key("day"), today())
    ways = {
        "worth": _("1 {one} in {of}").format(one=code, of=book),
        "units": _("1 {one} in {of}").format(one=book, of=code),
    }
    with st.container(border=True):
        st.markdown(bold(_("Enter a rate")))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            on: date = day_input.date_input(_("Day"), key=key("day"), width=160)
            way = st.segmented_control(
                _("Figure"), list(ways), required=True, key=key("way"),
                default="worth", format_func=ways.__getitem__,
            )  # fmt: skip
            with st.container(width=160):
                typed = inputs.amount(_("Rate"), None, key=key("figure"))
        rate = _read(typed, str(way))
        with db.reading(access.current()) as session:
            there = exchange_rates.of_day(session, code, on) if on else None
        rates_view.known_of_day(there)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Save the rate"), type="primary", key=key("save"),
                disabled=rate is None or on is None, on_click=_save,
                args=[code],
            )  # fmt: skip
            if there is not None:
                st.button(
                    _("Delete this rate"), icon=":material/delete:", key=key("drop"),
                    on_click=_drop, args=[code],
                )  # fmt: skip
            if rate is not None:
                both = rate_words.equal(code, rate), rate_words.reverse(code, rate)
                st.caption(plain(" · ".join(both)), width="content")


def _read(typed: Decimal | None, way: str) -> Decimal | None:
    """What is typed, as what one unit is worth; what cannot be is said."""
    if typed is None:
        return None
    try:
        return _turned(typed, way)
    except CRMError as error:
        st.caption(plain(error))
        return None


def _turned(typed: Decimal, way: str) -> Decimal:
    turn = exchange_rates.rounded if way == "worth" else exchange_rates.turned
    return turn(typed)


def _save(code: str) -> None:
    """Save what the form holds now: arguments would be those of the run before."""
    key, made = f"rate_{code}_{{}}".format, None
    with feedback.caught():
        typed, way = inputs.held(key("figure")), st.session_state[key("way")]
        given = st.session_state[key("day")], _turned(typed or Decimal(0), way)
        made = feedback.run(_("The rate is saved."), _put, code, *given)
    if made:
        st.session_state[key("figure")] = ""


def _drop(code: str) -> None:
    """Delete the rate of the day that the form holds now."""
    on = st.session_state[f"rate_{code}_day"]
    feedback.run(_("The rate is deleted."), _remove, code, on)


def _remove(session: Any, code: str, on: date) -> bool:
    if there := exchange_rates.of_day(session, code, on):
        exchange_rates.remove(session, there.id, version=there.version)
    return there is not None


def _put(session: Any, code: str, on: date, rate: Decimal) -> ExchangeRate:
    given = {"currency": code, "rate_on": on, "rate": rate}
    return exchange_rates.put(session, records.valid(ExchangeRateFields, given))


def _pick(code: str, rates: list[ExchangeRate], picked: list[int]) -> None:
    """Put the rate of a row into the form."""
    for row in picked[:1]:
        if row < len(rates):
            st.session_state[f"rate_{code}_day"] = rates[row].rate_on
            st.session_state[f"rate_{code}_way"] = "worth"
            text = f"{rates[row].rate:f}".rstrip("0").rstrip(".")
            st.session_state[f"rate_{code}_figure"] = text


def _download(code: str, history: list[tuple[date, Decimal]]) -> None:
    if access.current().may(Action.EXPORT, "exchange_rate"):
        rows = [(day, code, rate) for day, rate in history]
        st.download_button(
            _("All rates as CSV"),
            data=lambda: small_files.written(("date", "currency", "rate"), rows),
            file_name=f"rates-{code.lower()}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="rates_download",
            on_click="ignore",
        )
