"""Bring in a file of rates: which way round, which currencies, what would change."""

from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.config import settings
from crm.i18n import _, current, ngettext
from crm.models import Action
from crm.services.money import rate_files, rate_writing
from crm.services.money.rate_files import EURO, Direction, Quoted, RateFile
from crm.services.money.rate_writing import Compared
from crm.services.small_files import Fault
from crm.ui import access, feedback, rate_words, small_file
from crm.ui.format import date_column, number, plain

FILE = "rates_file"


def show(in_use: list[str]) -> None:
    """The place for a file, and what would come of it; for who may write."""
    if not access.current().may(Action.CREATE, "exchange_rate"):
        return
    st.subheader(_("Rates from a file"))
    st.caption(
        _(
            "A CSV file with the columns date, currency and rate; or one with a column "
            "for each currency, such as the history (eurofxref-hist.csv) that the "
            "European Central Bank offers."
        )
    )
    file = small_file.asked(FILE)
    if file is None:
        return
    with feedback.told():
        _looked_at(file.name, file.getvalue(), in_use, file.file_id)


def _looked_at(name: str, content: bytes, in_use: list[str], key: str) -> None:
    ways = _ways()
    head = content[:200].partition(b"\n")[0]
    wide = sum(len(one.strip()) == 3 for one in head.split(b",")) > 1
    way = st.radio(
        _("What do its figures tell?"),
        list(ways),
        index=len(ways) - 1 if wide else 0,
        format_func=ways.__getitem__,
        key=f"rates_way_{key}",
    )
    found = _read(content, str(way), settings().currency, current())
    known = found.currencies
    wanted = st.multiselect(
        _("Currencies"),
        known,
        default=[code for code in in_use if code in known] or known,
        key=f"rates_wanted_{key}",
    )
    rates = {pair: rate for pair, rate in found.rates.items() if pair[0] in wanted}
    with db.reading(access.current()) as session:
        compared = rate_writing.compared(session, rates)
    _preview(rates)
    _faults(found.faults)
    _go(name, rates, compared, key)


def _ways() -> dict[str, str]:
    book = settings().currency
    worth = _("What one unit is worth in {book} (1 USD = 0.92 {book})")
    units = _("How many units one {book} is worth (1 {book} = 1.09 USD)")
    ways = {
        Direction.WORTH.value: worth.format(book=book),
        Direction.UNITS.value: units.format(book=book),
    }
    if book != EURO:
        words = _("How many units one euro is worth; {book} is among the columns")
        ways[Direction.EURO.value] = words.format(book=book)
    return ways


@st.cache_resource(max_entries=4, ttl=600, show_spinner=False)
def _read(content: bytes, way: str, book: str, language: str) -> RateFile:  # noqa: ARG001  (faults are told in it)
    """A file is large, and read once for each way; nobody changes what comes out."""
    return rate_files.read(content, Direction(way), book)


def _preview(rates: Quoted) -> None:
    rows: list[dict[str, Any]] = []
    for code, held in groupby(sorted(rates), key=lambda pair: pair[0]):
        days = [day for _code, day in held]
        latest = rates[code, days[-1]]
        rows.append(
            {
                "currency": code,
                "days": len(days),
                "first": days[0],
                "last": days[-1],
                "rate": rate_words.equal(code, latest),
                "reverse": rate_words.reverse(code, latest),
            }
        )
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows, columns=list(rows[0]) if rows else ["currency"]),
        hide_index=True,
        height="content" if len(rows) <= 10 else 390,
        column_config={
            "currency": _("Currency"),
            "days": kinds.NumberColumn(_("Rates"), format="localized"),
            "first": date_column(_("First day")),
            "last": date_column(_("Last day")),
            "rate": _("Latest rate"),
            "reverse": _("The other way round"),
        },
    )


def _faults(faults: list[Fault]) -> None:
    if not faults:
        return
    with st.expander(plain(small_file.left_out(faults)), icon=":material/warning:"):
        small_file.table(faults)


def _go(name: str, rates: Quoted, compared: Compared, key: str) -> None:
    new, others = len(compared.new), len(compared.others)
    told = _("New: {new}. Another rate of that day: {others}. There already: {same}.")
    figures = {"new": new, "others": others, "same": compared.same}
    st.markdown(plain(told.format(**{n: number(v) for n, v in figures.items()})))
    box = f"rates_replace_{key}"
    replacing = bool(others) and st.checkbox(
        _("Replace the rates that are there"), key=box
    )
    count = new + (others if replacing else 0)
    words = ngettext("Bring in {n} rate", "Bring in {n} rates", count)
    st.button(
        words.format(n=number(count)),
        type="primary",
        key="rates_bring_in",
        disabled=not count,
        on_click=_bring_in,
        args=[name, rates, compared, box],
    )


def _bring_in(name: str, rates: Quoted, compared: Compared, box: str) -> None:
    replacing = bool(st.session_state.get(box))
    count = len(compared.new) + (len(compared.others) if replacing else 0)
    words = ngettext("{n} rate is in.", "{n} rates are in.", count)
    done = words.format(n=number(count))
    if feedback.run(
        done, rate_writing.bring_in, rates, source=name, replacing=replacing
    ):
        small_file.taken(FILE)
