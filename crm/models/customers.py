"""Customers, the contacts at them, and further e-mails and phones of either."""

from enum import StrEnum
from typing import Any, ClassVar

from pydantic import field_validator
from sqlalchemy import Index
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from crm.i18n import N_
from crm.models.base import Binned, Fields, Record
from crm.models.search import search_key
from crm.models.types import Id, LongText, Text, stored
from crm.models.values import folded, storable


class CustomerKind(StrEnum):
    """What we sell to: an organisation or somebody private."""

    COMPANY = "company"
    PERSON = "person"


class CustomerFields(Fields):
    """What a user fills in about a customer."""

    name: str = Field(min_length=1, max_length=200)
    kind: CustomerKind = CustomerKind.COMPANY
    external_id: str | None = Field(default=None, max_length=80)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    website: str | None = Field(default=None, max_length=200)
    street: str | None = Field(default=None, max_length=200)
    postal_code: str | None = Field(default=None, max_length=20)
    city: str | None = Field(default=None, max_length=100)
    region: str | None = Field(default=None, max_length=100)
    country: str | None = Field(default=None, max_length=2)  # ISO 3166-1 alpha-2
    sector: str | None = Field(default=None, max_length=80)
    source: str | None = Field(default=None, max_length=80)
    tax_number: str | None = Field(default=None, max_length=40)
    notes: str | None = Field(default=None, max_length=20_000)
    parent_id: int | None = None
    owner_id: int | None = None

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


class Customer(Binned, table=True):
    """A company or a person we sell to or serve."""

    __tablename__ = "customer"
    __label__: ClassVar = N_("Customer")
    __table_args__ = (
        Index(None, "owner_id", "search_key"),
        Index(None, "created_at"),
    )
    UNLOGGED: ClassVar[frozenset[str]] = Binned.UNLOGGED | {
        "email_key",
        "external_key",
    }

    name: str = Field(sa_type=Text(200))
    kind: CustomerKind = Field(
        default=CustomerKind.COMPANY, sa_type=stored(CustomerKind)
    )
    external_id: str | None = Field(default=None, sa_type=Text(80))
    email: str | None = Field(default=None, sa_type=Text(254))
    phone: str | None = Field(default=None, sa_type=Text(40))
    website: str | None = Field(default=None, sa_type=Text(200))
    street: str | None = Field(default=None, sa_type=Text(200))
    postal_code: str | None = Field(default=None, sa_type=Text(20))
    city: str | None = Field(default=None, sa_type=Text(100))
    region: str | None = Field(default=None, sa_type=Text(100))
    country: str | None = Field(default=None, sa_type=Text(2))
    sector: str | None = Field(default=None, sa_type=Text(80))
    source: str | None = Field(default=None, sa_type=Text(80))
    tax_number: str | None = Field(default=None, sa_type=Text(40))
    notes: str | None = Field(default=None, sa_type=LongText)
    walk_in: bool = Field(default=False)  # stands for buyers nobody knows
    parent_id: int | None = Field(
        default=None,
        foreign_key="customer.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    owner_id: int | None = Field(
        default=None, foreign_key="app_user.id", ondelete="SET NULL", sa_type=Id
    )
    import_id: int | None = Field(
        default=None,
        foreign_key="import_run.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)
    # unique among what is not in the recycle bin
    email_key: str | None = Field(default=None, sa_type=Text(254), unique=True)
    external_key: str | None = Field(default=None, sa_type=Text(80), unique=True)

    def prepare(self) -> None:
        alive = self.deleted_at is None
        self.email_key = folded(self.email) if alive and self.email else None
        self.external_key = self.external_id if alive else None
        self.search_key = search_key(
            self.name, self.email, self.phone, self.city, self.external_id
        )


class ContactFields(Fields):
    """What a user fills in about a contact."""

    customer_id: int | None = None
    first_name: str | None = Field(default=None, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    role: str | None = Field(default=None, max_length=80)
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    external_id: str | None = Field(default=None, max_length=80)
    language: str | None = Field(default=None, max_length=10)
    notes: str | None = Field(default=None, max_length=20_000)
    owner_id: int | None = None

    @field_validator("*", mode="before")
    @classmethod
    def storable(cls, value: Any) -> Any:
        """Text is NFC, without control characters; '' is nothing."""
        return storable(value)


class Contact(Binned, table=True):
    """A person at a customer, with a role."""

    __tablename__ = "contact"
    __label__: ClassVar = N_("Contact")
    UNLOGGED: ClassVar[frozenset[str]] = Binned.UNLOGGED | {
        "email_key",
        "external_key",
    }

    customer_id: int | None = Field(
        default=None,
        foreign_key="customer.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    first_name: str | None = Field(default=None, sa_type=Text(100))
    last_name: str = Field(sa_type=Text(100))
    role: str | None = Field(default=None, sa_type=Text(80))
    email: str | None = Field(default=None, sa_type=Text(254))
    phone: str | None = Field(default=None, sa_type=Text(40))
    external_id: str | None = Field(default=None, sa_type=Text(80))
    language: str | None = Field(default=None, sa_type=Text(10))
    notes: str | None = Field(default=None, sa_type=LongText)
    owner_id: int | None = Field(
        default=None,
        foreign_key="app_user.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    import_id: int | None = Field(
        default=None,
        foreign_key="import_run.id",
        ondelete="SET NULL",
        sa_type=Id,
        index=True,
    )
    search_key: str | None = Field(default=None, sa_type=Text(600), index=True)
    email_key: str | None = Field(default=None, sa_type=Text(254), index=True)
    external_key: str | None = Field(default=None, sa_type=Text(80), unique=True)

    customer: Mapped[Customer | None] = Relationship(
        sa_relationship_kwargs={"lazy": "raise"}
    )

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    def prepare(self) -> None:
        alive = self.deleted_at is None
        self.email_key = folded(self.email) if self.email else None
        self.external_key = self.external_id if alive else None
        self.search_key = search_key(
            self.last_name, self.first_name, self.email, self.phone, self.role
        )


class PointKind(StrEnum):
    """What a contact point is."""

    EMAIL = "email"
    PHONE = "phone"


class ContactPoint(Record, table=True):
    """One more e-mail or phone of a customer or contact, with a type.

    The first e-mail and phone stand on the record itself.
    """

    __tablename__ = "contact_point"
    __label__: ClassVar = N_("E-mail or phone")
    __table_args__ = (Index(None, "entity", "record_id"),)

    entity: str = Field(sa_type=Text(40))  # customer or contact
    record_id: int = Field(sa_type=Id)
    kind: PointKind = Field(sa_type=stored(PointKind))
    type: str = Field(sa_type=Text(40))  # work, home, mobile, billing …
    content: str = Field(sa_type=Text(254))
