"""Records for tests: sensible defaults, and the one detail a test is about."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from sqlmodel import Session, select

from crm import db
from crm.models import (
    SYSTEM,
    Activity,
    ActivityKind,
    Actor,
    BillingPeriod,
    Contact,
    Customer,
    ExchangeRate,
    Invoice,
    Lead,
    Opportunity,
    Order,
    OrderLine,
    Payment,
    PaymentFields,
    Price,
    Product,
    Quote,
    QuoteLine,
    Reach,
    Role,
    Stage,
    Subscription,
    Team,
    Ticket,
    User,
)
from crm.services import records
from crm.services.documents import invoices, payments
from crm.services.sales import pipelines

numbers = count(1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def actor(
    name: str, *, role: str = "sales", reach: str = "all", team: str | None = None
) -> Actor:
    """A user of that name, made if need be, as the one who acts."""
    with db.transaction(SYSTEM) as session:
        team_id = _team(session, team).id if team else None
        email = f"{name.lower()}@example.com"
        user = session.exec(select(User).where(User.email == email)).first()
        if user is None:
            user = User(
                email=email,
                name=name,
                role=Role(role),
                reach=Reach(reach),
                team_id=team_id,
            )
            session.add(user)
            session.flush()
    return Actor(
        user_id=user.id,
        name=user.name,
        role=user.role,
        reach=user.reach,
        team_id=user.team_id,
    )


def customer(owner: Actor | None = None, **details: Any) -> Customer:
    """A saved customer, of `owner` or of nobody."""
    defaults = {"name": f"Customer {next(numbers)}"}
    if owner:
        defaults["owner_id"] = owner.user_id
    return saved(Customer(**defaults | details))


def contact(customer: Customer | None = None, **details: Any) -> Contact:
    """A saved contact, at `customer`."""
    defaults = {
        "last_name": f"Contact {next(numbers)}",
        "customer_id": customer.id if customer else None,
    }
    return saved(Contact(**defaults | details))


def product(**details: Any) -> Product:
    """A saved product."""
    number = next(numbers)
    defaults = {"sku": f"SKU-{number}", "name": f"Product {number}"}
    return saved(Product(**defaults | details))


def order(
    customer: Customer,
    *lines: tuple[Product, int, str],
    ordered_at: datetime = NOON,
    **details: Any,
) -> Order:
    """A saved order; each line is product, quantity, unit price."""
    made = [
        OrderLine(
            position=position,
            product_id=product.id,
            quantity=Decimal(quantity),
            unit_price=Decimal(price),
            amount=quantity * Decimal(price),
        )
        for position, (product, quantity, price) in enumerate(lines, 1)
    ]
    defaults = {
        "number": f"O-{next(numbers)}",
        "customer_id": customer.id,
        "ordered_at": ordered_at,
        "currency": "EUR",
        "total": sum((line.amount for line in made), Decimal(0)),
    }
    return saved(Order(**defaults | details, lines=made))


def invoice(order: Order, **details: Any) -> Invoice:
    """An invoice for `order`: all of it, on the first of March, due at its end."""
    days = {"on": NOON.date(), "due_on": date(2026, 3, 31)}
    with db.transaction(SYSTEM) as session:
        return invoices.issue(session, order.id, **days | details)


def payment(invoice: Invoice, amount: str, **details: Any) -> Payment:
    """Money that came in for `invoice`."""
    fields = {"invoice_id": invoice.id, "amount": amount, "paid_on": NOON.date()}
    with db.transaction(SYSTEM) as session:
        form = records.valid(PaymentFields, fields | details)
        return payments.record(session, form)


def quote(
    customer: Customer, *lines: tuple[Product, int, str], **details: Any
) -> Quote:
    """A saved draft in euro, without tax; each line is product, quantity, price."""
    made = [
        QuoteLine(
            position=position,
            product_id=product.id,
            quantity=Decimal(quantity),
            unit_price=Decimal(price),
            amount=quantity * Decimal(price),
        )
        for position, (product, quantity, price) in enumerate(lines, 1)
    ]
    net = sum((line.amount for line in made), Decimal(0))
    defaults = {
        "number": f"Q-{next(numbers)}",
        "customer_id": customer.id,
        "issued_on": NOON.date(),
        "currency": "EUR",
        "rate": Decimal(1),
        "rate_on": NOON.date(),
        "net": net,
        "total": net,
    }
    return saved(Quote(**defaults | details, lines=made))


def subscription(customer: Customer, **details: Any) -> Subscription:
    """A saved subscription: 100 a month, open-ended, since the first of January."""
    starts_on = details.get("starts_on", date(2026, 1, 1))
    price = Price(starts_on, Decimal(100), Decimal(1), BillingPeriod.MONTHLY)
    defaults = {
        "number": f"S-{next(numbers)}",
        "customer_id": customer.id,
        "starts_on": starts_on,
        "prices": [price.plain()],
        "currency": "EUR",
    }
    return saved(Subscription(**defaults | details))


def lead(owner: Actor | None = None, **details: Any) -> Lead:
    """A saved lead, of `owner` or of nobody."""
    owned = {"owner_id": owner.user_id} if owner else {}
    return saved(Lead(**{"name": f"Lead {next(numbers)}"} | owned | details))


def ticket(owner: Actor | None = None, **details: Any) -> Ticket:
    """A saved ticket of a new customer, both of `owner` or of nobody."""
    defaults: dict[str, Any] = {"subject": f"Ticket {next(numbers)}"}
    if "customer_id" not in details:
        defaults["customer_id"] = customer(owner).id
    if owner:
        defaults["owner_id"] = owner.user_id
    return saved(Ticket(**defaults | details))


def stages() -> dict[str, Stage]:
    """The stages of the usual pipeline by their names."""
    with db.transaction(SYSTEM) as session:
        pipelines.ensure(session)
        first = pipelines.listed(session)[0]
        return {one.name: one for one in pipelines.stages(session, first.id)}


def opportunity(
    customer: Customer, stage: str = "Prospecting", **details: Any
) -> Opportunity:
    """A saved opportunity: 1,000 euro, in a stage of the usual pipeline."""
    at = stages()[stage]
    defaults = {
        "customer_id": customer.id,
        "name": f"Deal {next(numbers)}",
        "pipeline_id": at.pipeline_id,
        "stage_id": at.id,
        "state": at.kind,
        "amount": Decimal(1000),
        "currency": "EUR",
    }
    return saved(Opportunity(**defaults | details))


def rate(currency: str, rate_on: str, rate: str) -> ExchangeRate:
    """A saved rate: what one of `currency` is worth in the book currency."""
    day = date.fromisoformat(rate_on)
    return saved(ExchangeRate(currency=currency, rate_on=day, rate=Decimal(rate)))


def activity(customer: Customer, **details: Any) -> Activity:
    """A saved activity around `customer`: a note, unless told otherwise."""
    defaults = {
        "kind": ActivityKind.NOTE,
        "subject": f"Note {next(numbers)}",
        "customer_id": customer.id,
    }
    return saved(Activity(**defaults | details))


def saved(record: Any) -> Any:
    """`record`, written by the system."""
    with db.transaction(SYSTEM) as session:
        session.add(record)
        session.flush()
    return record


def _team(session: Session, name: str) -> Team:
    team = session.exec(select(Team).where(Team.name == name)).first()
    if team is None:
        team = Team(name=name)
        session.add(team)
        session.flush()
    return team
