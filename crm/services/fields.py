"""The fields of each kind of record, as lists, filters, files and the API know them.

One register for all of them: a field added here, or by an administrator as a
custom field, can be shown, sorted, filtered, edited in bulk, exported and sent.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlmodel import Session, col

from crm.errors import Invalid
from crm.i18n import N_, _
from crm.models import (
    Contact,
    Customer,
    CustomerKind,
    CustomField,
    CustomKind,
    Invoice,
    Lead,
    Opportunity,
    Order,
    OrderKind,
    OrderStatus,
    Payment,
    PriceList,
    Product,
    Quote,
    Subscription,
)
from crm.services.documents.invoice_fields import INVOICE_FIELDS, PAYMENT_FIELDS
from crm.services.documents.quote_fields import QUOTE_FIELDS
from crm.services.field_kinds import Entity, Field, Kind
from crm.services.money.exchange_sums import valued
from crm.services.prices.price_list_fields import PRICE_LIST_FIELDS
from crm.services.sales.opportunity_fields import LEAD_FIELDS, OPPORTUNITY_FIELDS
from crm.services.subscriptions.subscription_fields import SUBSCRIPTION_FIELDS

__all__ = [
    "CUSTOMER_KINDS",
    "ENTITIES",
    "ORDER_KINDS",
    "ORDER_STATES",
    "Entity",
    "Field",
    "Kind",
    "entity_of",
    "fields_of",
    "is_sale",
    "only",
]

CUSTOMER_KINDS = {
    CustomerKind.COMPANY.value: N_("Company"),
    CustomerKind.PERSON.value: N_("Person"),
}
ORDER_KINDS = {
    OrderKind.SALE.value: N_("Sale"),
    OrderKind.RETURN.value: N_("Return"),
    OrderKind.CANCELLATION.value: N_("Cancellation"),
    OrderKind.ADJUSTMENT.value: N_("Adjustment"),
}
ORDER_STATES = {
    OrderStatus.CONFIRMED.value: N_("Confirmed"),
    OrderStatus.CANCELLED.value: N_("Cancelled"),
}


def _text(name: str, label: str, column: Any, **more: Any) -> Field:
    sort = more.get("key", column)
    return Field(name, label, Kind.TEXT, column, sort, **more)


def is_sale() -> Any:
    """Whether an order is a confirmed sale."""
    return and_(
        col(Order.status) == OrderStatus.CONFIRMED,
        col(Order.kind) == OrderKind.SALE,
        col(Order.deleted_at).is_(None),
    )


def _import(column: Any) -> Field:
    """The import by which a record came in."""
    return Field("import_id", N_("Import"), Kind.NUMBER, column, editable=False)


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
        _text("name", N_("Name"), c.name, key=c.search_key, shown=True),
        Field(
            "kind",
            N_("Kind"),
            Kind.CHOICE,
            c.kind,
            c.kind,
            choices=CUSTOMER_KINDS,
        ),
        _text("email", N_("E-mail"), c.email, shown=True),
        _text("phone", N_("Phone"), c.phone, shown=True),
        _text("city", N_("City"), c.city, shown=True),
        _text("country", N_("Country"), c.country, shown=True),
        _text("sector", N_("Sector"), c.sector),
        _text("source", N_("Source"), c.source),
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
        _text("external_id", N_("External ID"), c.external_id),
        Field("website", N_("Website"), Kind.LINK, c.website, c.website),
        _text("street", N_("Street"), c.street),
        _text("postal_code", N_("Postal code"), c.postal_code),
        _text("region", N_("Region"), c.region),
        _text("tax_number", N_("Tax number"), c.tax_number),
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
        _import(c.import_id),
    )


def _contact_fields() -> tuple[Field, ...]:
    c = Contact
    return (
        _text("last_name", N_("Last name"), c.last_name, key=c.search_key, shown=True),
        _text("first_name", N_("First name"), c.first_name, shown=True),
        Field("customer_id", N_("Customer"), Kind.CUSTOMER, c.customer_id, shown=True),
        _text("role", N_("Role"), c.role, shown=True),
        _text("email", N_("E-mail"), c.email, shown=True),
        _text("phone", N_("Phone"), c.phone, shown=True),
        Field("owner_id", N_("Owner"), Kind.USER, c.owner_id, c.owner_id),
        Field("tags", N_("Tags"), Kind.TAGS, editable=False),
        _text("language", N_("Language"), c.language),
        _text("external_id", N_("External ID"), c.external_id),
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
        _import(c.import_id),
    )


def _product_fields() -> tuple[Field, ...]:
    p = Product
    return (
        _text("name", N_("Name"), p.name, key=p.search_key, shown=True),
        _text("sku", N_("SKU"), p.sku, shown=True),
        _text("category", N_("Category"), p.category, shown=True),
        Field("price", N_("Price"), Kind.MONEY, p.price, p.price, shown=True),
        Field("tax_rate", N_("Tax rate"), Kind.SHARE, p.tax_rate, p.tax_rate),
        Field("active", N_("Active"), Kind.YES_NO, p.active, p.active, shown=True),
        Field(
            "created_at",
            N_("Created"),
            Kind.MOMENT,
            p.created_at,
            p.created_at,
            editable=False,
        ),
        _import(p.import_id),
    )


def _order_fields() -> tuple[Field, ...]:
    o = Order
    return (
        _text(
            "number",
            N_("Number"),
            o.number,
            key=o.search_key,
            shown=True,
            editable=False,
        ),
        Field(
            "customer_id",
            N_("Customer"),
            Kind.CUSTOMER,
            o.customer_id,
            shown=True,
            editable=False,
        ),
        Field(
            "ordered_at",
            N_("Ordered"),
            Kind.MOMENT,
            o.ordered_at,
            o.ordered_at,
            editable=False,
            shown=True,
        ),
        Field(
            "kind",
            N_("Kind"),
            Kind.CHOICE,
            o.kind,
            o.kind,
            choices=ORDER_KINDS,
            editable=False,
            shown=True,
        ),
        Field(
            "status",
            N_("Status"),
            Kind.CHOICE,
            o.status,
            o.status,
            choices=ORDER_STATES,
            shown=True,
        ),
        Field(
            "total",
            N_("Total"),
            Kind.MONEY,
            o.total,
            o.total,
            editable=False,
            shown=True,
        ),
        _text("currency", N_("Currency"), o.currency, editable=False, shown=True),
        _import(o.import_id),
    )


ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        Entity(Customer, N_("Customers"), _customer_fields(), "name", True),
        Entity(Contact, N_("Contacts"), _contact_fields(), "last_name", True),
        Entity(Product, N_("Products"), _product_fields(), "name", True),
        Entity(PriceList, N_("Price lists"), PRICE_LIST_FIELDS, "name"),
        Entity(Order, N_("Orders"), _order_fields(), "-ordered_at", True),
        Entity(
            Subscription, N_("Subscriptions"), SUBSCRIPTION_FIELDS, "-starts_on", True
        ),
        Entity(Quote, N_("Quotes"), QUOTE_FIELDS, "-issued_on"),
        Entity(Invoice, N_("Invoices"), INVOICE_FIELDS, "-issued_on"),
        Entity(Payment, N_("Payments"), PAYMENT_FIELDS, "-paid_on"),
        Entity(Lead, N_("Leads"), LEAD_FIELDS, "-created_at", True),
        Entity(
            Opportunity, N_("Opportunities"), OPPORTUNITY_FIELDS, "-created_at", True
        ),
    )
}

_CUSTOM: dict[CustomKind, Kind] = {
    CustomKind.TEXT: Kind.TEXT,
    CustomKind.NUMBER: Kind.NUMBER,
    CustomKind.MONEY: Kind.MONEY,
    CustomKind.DATE: Kind.DATE,
    CustomKind.CHOICE: Kind.CHOICE,
    CustomKind.CHOICES: Kind.CHOICES,
    CustomKind.YES_NO: Kind.YES_NO,
    CustomKind.LINK: Kind.LINK,
}


def entity_of(name: str) -> Entity:
    """The kind of record called `name`, the name of its table.

    Raises:
        Invalid: there is no such list.
    """
    if (entity := ENTITIES.get(name)) is None:
        raise Invalid(_("There is no list of “{name}”.").format(name=name))
    return entity


def fields_of(session: Session, entity: str) -> dict[str, Field]:
    """All fields of `entity` by name: its own, then the custom ones."""
    known = entity_of(entity)
    found = {field.name: field for field in known.fields}
    if known.takes_custom:
        statement = (
            select(CustomField)
            .where(col(CustomField.entity) == entity)
            .order_by(col(CustomField.position), col(CustomField.id))
        )
        for made in session.scalars(statement):
            found[made.name] = _custom(made)
    return found


def _custom(made: CustomField) -> Field:
    return Field(
        name=made.name,
        label=made.label,
        kind=_CUSTOM[made.kind],
        choices={choice: choice for choice in made.choices},
        custom_id=made.id,
    )


def only(fields: dict[str, Field], wanted: Callable[[Field], bool]) -> dict[str, Field]:
    """The fields that `wanted` picks, in their order."""
    return {name: field for name, field in fields.items() if wanted(field)}
