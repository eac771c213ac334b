"""Our own company, as it stands on quotes and invoices; and what it offers usually."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import Field, field_validator
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from crm.errors import Invalid, Stale
from crm.i18n import _
from crm.models import Fields, Setting, exact
from crm.models.values import storable
from crm.services import records
from crm.services.admin import preferences
from crm.services.customers import addresses

MARK = "company"  # the name of the setting
LINES = 8  # of an address, as a letterhead has room for


class CompanyFields(Fields):
    """What an administrator fills in. `tax_rate` is a share, 0 to 1."""

    name: str = Field(min_length=1, max_length=200)
    address: str | None = Field(default=None, max_length=600)  # line by line
    tax_number: str | None = Field(default=None, max_length=40)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    bank: str | None = Field(default=None, max_length=500)
    tax_rate: Decimal = Field(default=Decimal(0), ge=0, le=1)
    payment_days: int = Field(default=30, ge=0, le=365)
    quote_days: int = Field(default=30, ge=1, le=365)
    quote_terms: str | None = Field(default=None, max_length=5_000)
    invoice_terms: str | None = Field(default=None, max_length=5_000)

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)

    @field_validator("address")
    @classmethod
    def full_lines(cls, value: str | None) -> str | None:
        """Without empty lines."""
        return "\n".join(_lines(value)) or None

    @field_validator("tax_rate")
    @classmethod
    def exact_rate(cls, value: Decimal) -> Decimal:
        """At most four decimal places."""
        return exact(value)


@dataclass(frozen=True)
class Company:
    """Who we are. `address` is line by line, without the name.

    `tax_rate` is a share, 0 to 1, for products that have none of their own.
    `payment_days` and `quote_days` say how long an invoice may stay unpaid and a
    quote is valid. `version` is 0 until somebody has filled it in.
    """

    name: str = ""
    address: tuple[str, ...] = ()
    tax_number: str | None = None
    email: str | None = None
    phone: str | None = None
    bank: str | None = None
    tax_rate: Decimal = Decimal(0)
    payment_days: int = 30
    quote_days: int = 30
    quote_terms: str | None = None
    invoice_terms: str | None = None
    version: int = 0

    @property
    def letterhead(self) -> tuple[str, ...]:
        """The lines of a sender: the name first, then all ways to reach us."""
        lines = (self.name, *self.address, self.phone, self.email, self.tax_number)
        return tuple(line for line in lines if line)


def profile(session: Session) -> Company:
    """Our company as it was filled in last; the defaults where it never was."""
    found = _setting(session)
    if found is None:
        return Company()
    kept = dict(found.content)
    kept["address"] = _lines(kept.get("address"))
    kept["tax_rate"] = Decimal(kept["tax_rate"])
    return Company(**kept, version=found.version)


def save(
    session: Session, form: CompanyFields, *, version: int | None = None
) -> Company:
    """Keep what was filled in, for everyone.

    Raises:
        Forbidden: only administrators do this.
        Invalid: the e-mail address is none, or the address has too many lines.
        Stale: it is no longer at `version`.
    """
    found = _setting(session)
    if found is not None:
        records.expect(found, version)
    if len(_lines(form.address)) > LINES:
        words = _("An address has at most {n} lines.").format(n=LINES)
        raise Invalid(words, field="address")
    if form.email is not None:
        form.email = addresses.checked(form.email, field="email")
    content = form.model_dump(mode="json")
    if found is None:
        _add(session, content)
    else:
        found.content = content
        session.flush()
    return profile(session)


def _setting(session: Session) -> Setting | None:
    return session.scalars(select(Setting).where(col(Setting.name) == MARK)).first()


def _add(session: Session, content: dict[str, Any]) -> None:
    try:
        preferences.add(session, MARK, content)
    except IntegrityError as error:  # somebody else has just filled it in
        raise Stale(_("This record has changed since you opened it.")) from error


def _lines(text: str | None) -> tuple[str, ...]:
    lines = (line.strip() for line in (text or "").splitlines())
    return tuple(line for line in lines if line)
