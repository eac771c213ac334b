"""The parts of the page for currencies: which are in use, and what they are worth."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from crm import db
from crm.config import settings
from crm.i18n import _, ngettext
from crm.models import Action, ExchangeRate
from crm.services import jobs
from crm.services.money import exchange_rates, rate_gaps
from crm.services.money.rate_gaps import Gap
from crm.ui import access, address, feedback, rate_words
from crm.ui.format import date_column, day, number, plain

AT_ONCE = 1_000  # documents that get their rate while one waits; more by a job


def in_use() -> dict[str, Gap]:
    """The currencies of documents and of rates, with what they lack."""
    with db.reading(access.current()) as session:
        gaps, ends = rate_gaps.counted(session), exchange_rates.ends(session)
        latest = {
            code: exchange_rates.of_day(session, code, last)
            for code, (_first, last) in ends.items()
        }
    known = gaps | {code: Gap() for code in ends if code not in gaps}
    book = settings().currency
    st.caption(
        _(
            "The book currency is {book}. A document in another currency keeps the "
            "rate of its day; rates entered later change nothing about it. The book "
            "currency is chosen once: where amounts are kept in it, the app does not "
            "start with another one."
        ).format(book=book)
    )
    if not known:
        feedback.empty(
            _("Everything is in {book}.").format(book=book),
            _("Rates are needed once a document is in another currency."),
            icon="currency_exchange",
        )
    else:
        _table(known, latest)
    for code, gap in gaps.items():
        _lacking(code, gap, is_known=code in ends)
    return known


def _table(known: dict[str, Gap], latest: dict[str, ExchangeRate | None]) -> None:
    rows = []
    for code, gap in sorted(known.items()):
        rate = latest.get(code)
        rows.append(
            {
                "currency": rate_words.names().get(code, code),
                "rate": rate_words.equal(code, rate.rate) if rate else _("No rate"),
                "reverse": rate_words.reverse(code, rate.rate) if rate else "",
                "on": day(rate.rate_on) if rate else "",
                "documents": gap.documents,
                "without": gap.without,
            }
        )
    kinds = st.column_config
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        column_config={
            "currency": kinds.TextColumn(_("Currency"), pinned=True),
            "rate": _("Latest rate"),
            "reverse": _("The other way round"),
            "on": _("Of"),
            "documents": kinds.NumberColumn(_("Documents"), format="localized"),
            "without": kinds.NumberColumn(_("Without a rate"), format="localized"),
        },
    )


def _lacking(code: str, gap: Gap, *, is_known: bool) -> None:
    """What has no rate: the way to give it, or why it cannot be given yet."""
    if gap.fillable and access.current().may(Action.UPDATE, "exchange_rate"):
        words = ngettext(
            "Give the rate to {n} document in {currency} that has none",
            "Give the rate to {n} documents in {currency} that have none",
            gap.fillable,
        )
        st.button(
            plain(words.format(n=number(gap.fillable), currency=code)),
            icon=":material/price_check:",
            key=f"rates_fill_{code}",
            on_click=_fill,
            args=[code, gap.fillable],
        )
    if left := gap.without - gap.fillable:
        words = _older(left) if is_known else _waiting(left)
        st.caption(plain(words.format(n=number(left), currency=code)))


def _older(count: int) -> str:
    return ngettext(
        "{n} document in {currency} is of a day before the first rate.",
        "{n} documents in {currency} are of days before the first rate.",
        count,
    )


def _waiting(count: int) -> str:
    return ngettext(
        "{n} document in {currency} waits for a rate: no sum has it in.",
        "{n} documents in {currency} wait for a rate: no sum has them in.",
        count,
    )


def _fill(code: str, count: int) -> None:
    if count <= AT_ONCE:
        told = partial(_filled, asked=count)
        feedback.run(told, rate_gaps.fill, code, limit=AT_ONCE)
        return
    title = _("Rates for documents in {currency}").format(currency=code)
    done = _("It is being done in the background; see Jobs.")
    feedback.run(done, jobs.ask, "rate_gaps", title, {"currency": code})


def _filled(count: int, *, asked: int) -> str:
    return rate_words.filled(count, asked - count)


def which(known: dict[str, Gap]) -> str:
    """The currency to look at: one without a rate first, unless chosen."""
    names = {
        code: label
        for code, label in rate_words.names().items()
        if code != settings().currency
    }
    lacking = [code for code, gap in known.items() if gap.without]
    usual = next(iter([*lacking, *known, "USD"]))
    return address.menu(
        _("Currency"),
        names | {code: names.get(code, code) for code in known},
        "currency",
        usual=usual if usual in names or usual in known else next(iter(names)),
        width=300,
    )


def table(code: str, rates: list[ExchangeRate], total: int, on_pick: Any) -> None:
    """The latest rates; one that is picked goes into the form by `on_pick`."""
    rows = [
        (one.rate_on, rate_words.figure(one.rate), rate_words.figure(1 / one.rate),
         one.source or "")
        for one in rates
    ]  # fmt: skip
    book, kinds = settings().currency, st.column_config
    key = f"rates_{code}"
    st.dataframe(
        pd.DataFrame(rows, columns=["on", "rate", "reverse", "source"]),
        hide_index=True,
        key=key,
        on_select=lambda: on_pick(st.session_state[key]["selection"]["rows"]),
        selection_mode="single-row",
        height="content" if len(rows) <= 10 else 390,
        column_config={
            "on": date_column(_("Day")),
            "rate": kinds.TextColumn(_unit(book, code), alignment="right"),
            "reverse": kinds.TextColumn(_unit(code, book), alignment="right"),
            "source": _("Source"),
        },
    )
    if total > len(rates):
        words = _("The latest {n} of {total}; the chart has all.")
        st.caption(plain(words.format(n=number(len(rates)), total=number(total))))


def _unit(of: str, one: str) -> str:
    return _("{of} for 1 {one}").format(of=of, one=one)


def unit(code: str) -> str:
    """What the figures of a chart are: “EUR for 1 USD”."""
    return _unit(settings().currency, code)


def known_of_day(rate: ExchangeRate | None) -> None:
    """What is there of the day that is typed in, and that saving changes it."""
    if rate is not None:
        words = _("Of {day} it is {equal} so far; saving changes it.")
        told = {
            "day": day(rate.rate_on),
            "equal": rate_words.equal(rate.currency, rate.rate),
        }
        st.caption(plain(words.format(**told)))
