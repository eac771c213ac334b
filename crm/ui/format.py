"""How things look, in one place: text as text, money, dates, columns of tables."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import streamlit as st
from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent

from crm.config import settings
from crm.i18n import _, current
from crm.services.days import day_of, zone

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_TOKEN = re.compile("y+|d+|a+")  # of Babel, which Moment.js has in capitals
_AUTOLINK = re.compile(r"(?i)(https?|ftp|mailto|xmpp|www)(?=[:.])|(?=@)")


def plain(text: object) -> str:
    """`text` for any call that renders Markdown: it comes out as it was typed.

    Every ASCII punctuation mark is escaped; addresses are kept from becoming links
    by an invisible word joiner.
    """
    broken = _AUTOLINK.sub("\\1\u2060", str(text).replace("\r", ""))
    escaped = _PUNCTUATION.sub(r"\\\1", broken).replace("\\<", "&lt;")
    return escaped.replace("\n", "  \n")


def bold(text: str) -> str:
    """`text` in bold, for a call that renders Markdown."""
    return f"**{plain(text)}**"


def money(amount: Decimal | float | None, currency: str | None = None) -> str:
    """An amount with its currency, as people of this language write it."""
    if amount is None:
        return "–"
    return str(
        format_currency(amount, currency or settings().currency, locale=current())
    )


def rounded(amount: float) -> str:
    """An amount of the base currency, without decimals."""
    return str(
        format_currency(
            round(amount),
            settings().currency,
            format="¤#,##0",
            locale=current(),
            currency_digits=False,
        )
    )


def number(value: Decimal | float | None, *, places: int = 0) -> str:
    """A number with separators, of at most `places` decimals."""
    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "#" * places if places else "")
    return str(format_decimal(value, format=pattern, locale=current()))


def percent(share: float | None, *, places: int = 0) -> str:
    """A share of 0 to 1 as a percentage."""
    if share is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * places if places else "") + "%"
    return str(format_percent(share, format=pattern, locale=current()))


def day(value: date | datetime | None) -> str:
    """A date, short."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = day_of(value)
    return str(format_date(value, format="medium", locale=current()))


def moment(value: datetime | None) -> str:
    """Date and time where the company is: one team reads one clock."""
    if value is None:
        return "–"
    local = value.astimezone(zone())
    return str(format_datetime(local, format="short", locale=current()))


def whole_moment(value: datetime | None) -> str:
    """Date and time with their zone: for tooltips, fit for Markdown."""
    if value is None:
        return "–"
    words = _("{moment}, time of {zone}")
    return plain(words.format(moment=moment(value), zone=zone().key))


def whose_times() -> str:
    """Whose clock the times follow: for tooltips of several, fit for Markdown."""
    return plain(_("Times are those of {zone}.").format(zone=zone().key))


def date_column(label: str, **more: Any) -> Any:
    """A column of dates. Streamlit's own “localized” would begin each by the clock of
    the browser: west of UTC that is the day before."""
    return st.column_config.DateColumn(label, format=_written("date"), **more)


def moment_column(label: str) -> Any:
    """A column of moments as `cell` gives them, whose tooltip names the zone."""
    return st.column_config.DatetimeColumn(
        label, format=_written("datetime"), help=whose_times()
    )


def _written(kind: str) -> str:
    """How people of this language write a date, or date and time, for Moment.js."""
    locale = Locale.parse(current())
    date_, time_ = locale.date_formats["medium"], locale.time_formats["medium"]
    both = {"date": "{1}", "datetime": locale.datetime_formats["medium"]}[kind]
    pattern = str(both).replace("{1}", date_.pattern).replace("{0}", time_.pattern)
    return _TOKEN.sub(lambda one: "YYYY" if one[0] == "y" else one[0].upper(), pattern)


def ago(value: datetime | None) -> str:
    """How long ago, or in how long: “3 days ago”."""
    if value is None:
        return "–"
    return str(
        format_timedelta(
            value - datetime.now(UTC), add_direction=True, locale=current()
        )
    )


def country(code: str) -> str:
    """A country by its ISO code, as people of this language call it."""
    return str(Locale.parse(current()).territories.get(code.upper(), code))


def label(name: str, record_id: int) -> str:
    """A record named unmistakably: widgets tell options apart by their text alone."""
    return f"{name} (#{record_id})"


def cell(value: Any) -> Any:
    """A raw value as a table shows it."""
    if isinstance(value, datetime):
        return value.astimezone(zone()).replace(tzinfo=None)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [str(item) for item in value]
    return value
