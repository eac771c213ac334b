"""Exchange rates as they are entered: what one unit is worth from a day on."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm import db
from crm.config import settings
from crm.errors import Invalid
from crm.i18n import _
from crm.models import ExchangeRate, ExchangeRateFields
from crm.models.types import Rate
from crm.services import records
from crm.services.money.exchange import ONE
from crm.services.prices.pricing import currency_code

PLACES = Decimal("1e-10")
LARGEST = 1 / PLACES  # units of one currency that another may be worth


def create(session: Session, form: ExchangeRateFields) -> ExchangeRate:
    """Record what one unit of a currency is worth in the book currency from a day on.

    Raises:
        Invalid: no currency, the book currency, or a rate or day out of range.
        Duplicate: there is a rate of that day.
    """
    row = _checked(ExchangeRate(**form.model_dump()))
    session.add(row)
    session.flush()
    return row


def update(
    session: Session,
    rate_id: int,
    changes: dict[str, Any],
    *,
    version: int | None = None,
) -> ExchangeRate:
    """Change the fields in `changes`; what documents are worth stays as it is.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
        Invalid: a value does not fit.
        Duplicate: there is a rate of that day.
    """
    row = db.get(session, ExchangeRate, rate_id)
    records.expect(row, version)
    with session.no_autoflush:
        records.change(row, ExchangeRateFields, changes)
        _checked(row, is_known="currency" not in changes)
    session.flush()
    return row


def put(session: Session, form: ExchangeRateFields) -> ExchangeRate:
    """Record a rate, in the place of the one that is there of that day, if any.

    Raises:
        Invalid: no currency, the book currency, or a rate or day out of range.
    """
    known = of_day(session, currency_code(form.currency), form.rate_on)
    if known is None:
        return create(session, form)
    return update(session, known.id, {"rate": form.rate, "source": form.source})


def remove(session: Session, rate_id: int, *, version: int | None = None) -> None:
    """Delete a rate; what documents are worth stays as it is.

    Raises:
        NotFound: it does not exist.
        Stale: it is no longer at `version`.
    """
    row = db.get(session, ExchangeRate, rate_id)
    records.expect(row, version)
    session.delete(row)
    session.flush()


def of_day(session: Session, currency: str, day: date) -> ExchangeRate | None:
    """The rate that was entered for that very day."""
    statement = select(ExchangeRate).where(
        col(ExchangeRate.currency) == currency, col(ExchangeRate.rate_on) == day
    )
    return session.scalars(statement).first()


def listed(
    session: Session,
    *,
    currency: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[ExchangeRate]:
    """The rates of a currency, or of all, between two days; the latest first."""
    e = ExchangeRate
    statement = select(e).where(*_fit(currency, since, until))
    latest = statement.order_by(col(e.rate_on).desc(), col(e.currency), col(e.id))
    return list(session.scalars(latest.limit(limit).offset(offset)))


def count(
    session: Session,
    *,
    currency: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> int:
    """How many `listed` has in all."""
    fit = _fit(currency, since, until)
    return session.scalar(select(func.count(col(ExchangeRate.id))).where(*fit)) or 0


def history(session: Session, currency: str) -> list[tuple[date, Decimal]]:
    """All rates of a currency, the earliest first."""
    e = ExchangeRate
    statement = (
        select(col(e.rate_on), col(e.rate))
        .where(col(e.currency) == currency)
        .order_by(col(e.rate_on))
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def ends(session: Session) -> dict[str, tuple[date, date]]:
    """The first and the last day with a rate, by currency."""
    day, currency = col(ExchangeRate.rate_on), col(ExchangeRate.currency)
    statement = (
        select(currency, func.min(day), func.max(day))
        .group_by(currency)
        .order_by(currency)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(statement)}


def rounded(rate: Decimal) -> Decimal:
    """`rate` as every database keeps it: ten places, half to even.

    Raises:
        Invalid: it is not above zero, or too large.
    """
    if not (rate.is_finite() and 0 < rate < Rate.LIMIT):
        raise _out_of_range()
    kept = rate.quantize(PLACES, rounding=ROUND_HALF_EVEN)
    if not 0 < kept < Rate.LIMIT:
        raise _out_of_range()
    return kept


def turned(rate: Decimal) -> Decimal:
    """What one of the book currency is worth, or the other way round; ten places.

    Raises:
        Invalid: what comes out is zero or too large.
    """
    if not (rate.is_finite() and 1 / Rate.LIMIT < rate < LARGEST):
        raise _out_of_range()
    return rounded(ONE / rate)


def _fit(currency: str | None, since: date | None, until: date | None) -> Sequence[Any]:
    code, day = col(ExchangeRate.currency), col(ExchangeRate.rate_on)
    wanted: list[Any] = []
    if currency is not None:
        wanted.append(code == currency)
    if since is not None:
        wanted.append(day >= since)
    if until is not None:
        wanted.append(day <= until)
    return wanted


def _checked(row: ExchangeRate, *, is_known: bool = False) -> ExchangeRate:
    if not is_known:  # else its currency was found good, by the rules of its time
        row.currency = currency_code(row.currency)
    if row.currency == settings().currency:
        words = _("{currency} is the book currency: it needs no rate.")
        raise Invalid(words.format(currency=row.currency), field="currency")
    records.usual_year(row.rate_on, field="rate_on")
    row.rate = rounded(row.rate)
    return row


def _out_of_range() -> Invalid:
    words = _("A rate is above 0 and below {most}.")
    return Invalid(words.format(most=f"{Rate.LIMIT:,}"), field="rate")
