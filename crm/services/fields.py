"""The fields of each kind of record, as lists, filters, files and the API know them.

One register for all of them: a field added here, or by an administrator as a
custom field, can be shown, sorted, filtered, edited in bulk, exported and sent.
"""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session, col

from crm.db import actor_of
from crm.errors import Invalid
from crm.i18n import N_, _
from crm.models import (
    Action,
    Campaign,
    Contact,
    Customer,
    CustomField,
    CustomKind,
    Invoice,
    Lead,
    Opportunity,
    Order,
    Payment,
    PriceList,
    Product,
    Quote,
    Subscription,
    Ticket,
)
from crm.services.customers.customer_fields import (
    CONTACT_FIELDS,
    CUSTOMER_FIELDS,
    CUSTOMER_KINDS,
)
from crm.services.documents.invoice_fields import INVOICE_FIELDS, PAYMENT_FIELDS
from crm.services.documents.order_fields import (
    ORDER_FIELDS,
    ORDER_KINDS,
    ORDER_STATES,
    is_sale,
)
from crm.services.documents.quote_fields import QUOTE_FIELDS
from crm.services.field_kinds import Entity, Field, Kind
from crm.services.marketing.campaign_fields import CAMPAIGN_FIELDS
from crm.services.prices.price_list_fields import PRICE_LIST_FIELDS
from crm.services.prices.product_fields import PRODUCT_FIELDS
from crm.services.sales.opportunity_fields import LEAD_FIELDS, OPPORTUNITY_FIELDS
from crm.services.subscriptions.subscription_fields import SUBSCRIPTION_FIELDS
from crm.services.support.ticket_fields import TICKET_FIELDS

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
    "in_rules",
    "is_sale",
    "only",
]

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        Entity(Customer, N_("Customers"), CUSTOMER_FIELDS, "name", True),
        Entity(Contact, N_("Contacts"), CONTACT_FIELDS, "last_name", True),
        Entity(Product, N_("Products"), PRODUCT_FIELDS, "name", True),
        Entity(PriceList, N_("Price lists"), PRICE_LIST_FIELDS, "name"),
        Entity(Order, N_("Orders"), ORDER_FIELDS, "-ordered_at", True),
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
        Entity(Ticket, N_("Tickets"), TICKET_FIELDS, "-opened_at", True),
        Entity(Campaign, N_("Campaigns"), CAMPAIGN_FIELDS, "-created_at", True),
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
    """All fields of `entity` that the actor may read: its own, then the custom ones."""
    known, actor = entity_of(entity), actor_of(session)
    found = {
        field.name: field
        for field in known.fields
        if not actor.hides(entity, field.name)
    }
    if known.takes_custom:
        statement = (
            select(CustomField)
            .where(col(CustomField.entity) == entity)
            .order_by(col(CustomField.position), col(CustomField.id))
        )
        for made in session.scalars(statement):
            found[made.name] = _custom(made)
    return found


def in_rules(
    session: Session, entity: str, fields: dict[str, Field]
) -> dict[str, Field]:
    """`fields`, and those hidden from the actor, which rules of others may name.

    What a customer has bought holds nothing for whoever may not read orders.
    """
    start, actor = f"{entity}.", actor_of(session)
    hidden = [one for one in actor.hidden if one.startswith(start)]
    names = [one.removeprefix(start) for one in hidden]
    known = {name: Field(name, name, Kind.TEXT, hidden=True) for name in names} | fields
    if not actor.may(Action.READ, "sales_order") and entity == "customer":
        known["products"] = replace(known["products"], hidden=True)
    return known


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
