"""Take the demo company out of the database."""

from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select
from sqlmodel import Session, SQLModel, col

from crm import db
from crm.demo import money_numbers, money_writing
from crm.demo.rows import table_of
from crm.demo.writing import MADE, TARGET
from crm.models import (
    Action,
    Activity,
    Campaign,
    Contact,
    ContactPoint,
    Customer,
    ExchangeRate,
    ForecastOverride,
    ImportRun,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    Lead,
    Opportunity,
    OpportunityLine,
    Order,
    OrderLine,
    OutgoingMail,
    Payment,
    PriceList,
    Product,
    Quote,
    QuoteLine,
    Recipient,
    SegmentMember,
    Subscription,
    Tagging,
    Target,
    Ticket,
    WebForm,
)

KEPT = (Campaign, Target, ForecastOverride, WebForm, ExchangeRate, PriceList)
NAMING = (OrderLine, Subscription, OpportunityLine, QuoteLine, InvoiceLine)  # products

Step = tuple[type[SQLModel], ColumnElement[bool]]


def wipe(session: Session) -> int:
    """Take the demo company out; how many customers it were.

    What users have added to its customers goes with them; products that other
    documents name, and users, stay. Numbers of documents begin anew where only the
    demo company had any.

    Raises:
        Forbidden: the actor may not change settings.
    """
    db.require(db.actor_of(session), Action.UPDATE, "setting")
    mine = select(ImportRun).where(col(ImportRun.target) == TARGET)
    runs = list(session.scalars(mine))
    run_ids = [run.id for run in runs]
    customers = select(col(Customer.id)).where(col(Customer.import_id).in_(run_ids))
    count = len(list(session.scalars(customers.execution_options(**db.everything))))
    steps: tuple[Step, ...] = (
        *_of_customers(customers),
        *_of_runs(run_ids),
        *_kept(runs),
        (Product, _unused(run_ids)),
        (ImportRun, col(ImportRun.id).in_(run_ids)),
    )
    for table, condition in steps:
        session.connection().execute(delete(table_of(table)).where(condition))
    money_numbers.give_back(session)
    money_writing.forget_profile(session)
    db.pending_of(session).always = True
    return count


def _of_customers(customers: Select[Any]) -> list[Step]:
    """What hangs on customers, what hangs on it first."""
    note = col(Invoice.kind) == InvoiceKind.CREDIT_NOTE
    return [
        (OutgoingMail, col(OutgoingMail.customer_id).in_(customers)),
        (Payment, col(Payment.customer_id).in_(customers)),
        (Invoice, col(Invoice.customer_id).in_(customers) & note),
        (Invoice, col(Invoice.customer_id).in_(customers)),
        (Order, col(Order.customer_id).in_(customers)),
        (Quote, col(Quote.customer_id).in_(customers)),
        (Subscription, col(Subscription.customer_id).in_(customers)),
        (Lead, col(Lead.customer_id).in_(customers)),
        (Activity, col(Activity.customer_id).in_(customers)),
        (Ticket, col(Ticket.customer_id).in_(customers)),
        (Recipient, col(Recipient.customer_id).in_(customers)),
        (Opportunity, col(Opportunity.customer_id).in_(customers)),
        (SegmentMember, col(SegmentMember.customer_id).in_(customers)),
        (Tagging, col(Tagging.record_id).in_(customers)),
        (ContactPoint, col(ContactPoint.record_id).in_(customers)),
    ]


def _of_runs(run_ids: list[int]) -> list[Step]:
    tables = (Lead, Contact, Customer)
    return [(table, col(table.import_id).in_(run_ids)) for table in tables]


def _kept(runs: list[ImportRun]) -> list[Step]:
    """What hangs on nothing; its ids were kept."""
    found: list[Step] = []
    for table in KEPT:
        name = str(table.__tablename__)
        ids = [key for run in runs for key in run.settings.get(MADE, {}).get(name, [])]
        found.append((table, db.ids_in(col(table.id), ids)))
    return found


def _unused(run_ids: list[int]) -> ColumnElement[bool]:
    """Products that are named by no document any more."""
    mine: ColumnElement[bool] = col(Product.import_id).in_(run_ids)
    for table in NAMING:
        named = select(col(table.product_id)).where(col(table.product_id).is_not(None))
        mine &= col(Product.id).not_in(named)
    return mine
