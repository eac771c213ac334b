"""The fields of customers and contacts, for the register of `crm.services.fields`."""

from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import col

from crm.i18n import N_
from crm.models import Contact, Customer, CustomerKind, Order
from crm.services.documents.order_fields import is_sale
from crm.services.field_kinds import Field, Kind, imported, text
from crm.services.money.exchange_sums import valued

CUSTOMER_KINDS = {
    CustomerKind.COMPANY.value: N_("Company"),
    CustomerKind.PERSON.value: N_("Person"),
}


def _of_orders(value: Any) -> Any:
    """A figure over the confirmed sales of the customer in the row."""
    return (
        select(value)
        .where(col(Order.customer_id) == col(Customer.id), is_sale())
        .correlate(Customer)
        .scalar_subquery()
    )


def _worth() -> Any:
    """What orders add up to in the book currency; NULL where some have no rate."""
    worth = valued(Order)
    is_whole = func.count(worth) == func.count(col(Order.total))
    return case((is_whole, func.coalesce(func.sum(worth), 0)))


def _customer_fields() -> tuple[Field, ...]:
    c = Customer
    return (
        text("name", N_("Name"), c.name, key=c.search_key, shown=True),
        Field(
            "kind",
            N_("Kind"),
            Kind.CHOICE,
            c.kind,
            c.kind,
            choices=CUSTOMER_KINDS,
        ),
        text("email", N_("E-mail"), c.email, shown=True),
        text("phone", N_("Phone"), c.phone, shown=True),
        text("city", N_("City"), c.city, shown=True),
        text("country", N_("Country"), c.country, shown=True),
        text("sector", N_("Sector"), c.sector),
        text("source", N_("Source"), c.source),
        Field("owner_id", N_("Owner"), Kind.USER, c.owner_id, c.owner_id, shown=True),
        Field("tags", N_("Tags"), Kind.TAGS, shown=True, editable=False),
        Field("segments", N_("Segments"), Kind.SEGMENTS, editable=False),
        Field("products", N_("Products bought"), Kind.PRODUCTS, editable=False),
        Field(
            "order_count",
            N_("Orders"),
            Kind.NUMBER,
            _of_orders(func.count(col(Order.id))),
            editable=False,
        ),
        Field(
            "order_total",
            N_("Sales"),
            Kind.MONEY,
            _of_orders(_worth()),
            editable=False,
        ),
        Field(
            "last_order_at",
            N_("Last order"),
            Kind.MOMENT,
            _of_orders(func.max(col(Order.ordered_at))),
            editable=False,
        ),
        text("external_id", N_("External ID"), c.external_id),
        Field("website", N_("Website"), Kind.LINK, c.website, c.website),
        text("street", N_("Street"), c.street),
        text("postal_code", N_("Postal code"), c.postal_code),
        text("region", N_("Region"), c.region),
        text("tax_number", N_("Tax number"), c.tax_number),
        Field("notes", N_("Notes"), Kind.LONG_TEXT, c.notes),
        Field("parent_id", N_("Parent company"), Kind.CUSTOMER, c.parent_id),
        Field(
            "created_at",
            N_("Created"),
            Kind.MOMENT,
            c.created_at,
            c.created_at,
            editable=False,
            shown=True,
        ),
        Field(
            "updated_at",
            N_("Changed"),
            Kind.MOMENT,
            c.updated_at,
            c.updated_at,
            editable=False,
        ),
        imported(c.import_id),
    )


def _contact_fields() -> tuple[Field, ...]:
    c = Contact
    return (
        text("last_name", N_("Last name"), c.last_name, key=c.search_key, shown=True),
        text("first_name", N_("First name"), c.first_name, shown=True),
        Field("customer_id", N_("Customer"), Kind.CUSTOMER, c.customer_id, shown=True),
        text("role", N_("Role"), c.role, shown=True),
        text("email", N_("E-mail"), c.email, shown=True),
        text("phone", N_("Phone"), c.phone, shown=True),
        Field("owner_id", N_("Owner"), Kind.USER, c.owner_id, c.owner_id),
        Field("tags", N_("Tags"), Kind.TAGS, editable=False),
        text("language", N_("Language"), c.language),
        text("external_id", N_("External ID"), c.external_id),
        Field("notes", N_("Notes"), Kind.LONG_TEXT, c.notes),
        Field(
            "created_at",
            N_("Created"),
            Kind.MOMENT,
            c.created_at,
            c.created_at,
            editable=False,
            shown=True,
        ),
        imported(c.import_id),
    )


CUSTOMER_FIELDS = _customer_fields()
CONTACT_FIELDS = _contact_fields()
