"""Put the demo company into the database, and take it out again.

All of it carries the number of one import, by which it is found again.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm import db
from crm.demo import rows, writing
from crm.demo.company import DemoCompany
from crm.demo.writing import TARGET
from crm.models import (
    Activity,
    Contact,
    ContactPoint,
    Customer,
    ImportRun,
    ImportState,
    Lead,
    Opportunity,
    Order,
    OrderLine,
    Product,
    Reach,
    Role,
    SegmentMember,
    Subscription,
    Tagging,
    Team,
    User,
)

PIECE = 5_000  # rows in one transaction

Part = tuple[str, Callable[[Session], Any]]


def parts(company: DemoCompany) -> Iterator[Part]:
    """What is to be written, in order: a name, and a function of the session."""
    yield "people", lambda session: _people(session, company)
    for entity, table, made in (
        ("customer", Customer, rows.customers(company.customers)),
        ("product", Product, rows.products(company.products)),
        ("contact", Contact, rows.contacts(company.contacts)),
        ("activity", Activity, rows.activities(company.activities)),
        ("subscription", Subscription, rows.subscriptions(company.subscriptions)),
        ("lead", Lead, rows.leads(company.leads)),
        ("next step", Activity, rows.next_steps(company.opportunities)),
    ):
        for start in range(0, len(made), PIECE):
            piece = made[start : start + PIECE]
            yield f"{entity} {start}", writing.inserting(table, piece)
    yield (
        "opportunities",
        lambda session: writing.opportunities(session, company.opportunities),
    )
    yield "tags", lambda session: writing.tags(session, company.customers)
    lines = dict(tuple(company.order_lines.groupby("order_number", sort=False)))
    for start in range(0, len(company.orders), PIECE):
        piece_of_orders = company.orders.iloc[start : start + PIECE]
        yield f"order {start}", writing.ordering(piece_of_orders, lines)


def wipe(session: Session) -> int:
    """Take the demo company out; how many customers it were.

    What users have added to its customers goes with them; products that other
    orders name, and users who have signed in, stay.
    """
    run_ids = list(
        session.scalars(
            select(col(ImportRun.id)).where(col(ImportRun.target) == TARGET)
        )
    )
    everyone = db.everything
    customers = select(col(Customer.id)).where(col(Customer.import_id).in_(run_ids))
    count = len(list(session.scalars(customers.execution_options(**everyone))))
    connection = session.connection()
    for table, condition in (
        (Order, col(Order.customer_id).in_(customers)),
        (Subscription, col(Subscription.customer_id).in_(customers)),
        (Opportunity, col(Opportunity.customer_id).in_(customers)),
        (Lead, col(Lead.import_id).in_(run_ids)),
        (Lead, col(Lead.customer_id).in_(customers)),
        (Activity, col(Activity.customer_id).in_(customers)),
        (SegmentMember, col(SegmentMember.customer_id).in_(customers)),
        (Tagging, col(Tagging.record_id).in_(customers)),
        (ContactPoint, col(ContactPoint.record_id).in_(customers)),
        (Contact, col(Contact.import_id).in_(run_ids)),
        (Customer, col(Customer.import_id).in_(run_ids)),
        (Product, _unused(run_ids)),
    ):
        connection.execute(delete(rows.table_of(table)).where(condition))
    connection.execute(
        delete(rows.table_of(ImportRun)).where(col(ImportRun.id).in_(run_ids))
    )
    db.pending_of(session).always = True
    return count


def is_loaded(session: Session) -> bool:
    """Whether the demo company is here."""
    return writing.run_of(session) is not None


def _people(session: Session, company: DemoCompany) -> None:
    """Teams and users; those who are here already stay as they are."""
    teams = {team.name: team for team in session.scalars(select(Team))}
    for name in company.teams["name"]:
        if name not in teams:
            teams[name] = Team(name=name)
            session.add(teams[name])
    session.flush()
    known = set(session.scalars(select(col(User.email))))
    for row in company.users.to_dict("records"):
        if row["email"] not in known:
            session.add(
                User(
                    email=row["email"],
                    name=row["name"],
                    role=Role(row["role"].replace("-", "_")),
                    reach=Reach.ALL,
                    team_id=teams[row["team"]].id if row["team"] in teams else None,
                )
            )
    run = ImportRun(
        target=TARGET,
        file_name="demo",
        file_key="demo",
        state=ImportState.DONE,
        owner_id=db.actor_of(session).user_id,
    )
    session.add(run)
    session.flush()


def _unused(run_ids: list[int]) -> Any:
    ordered = select(col(OrderLine.product_id))
    subscribed = select(col(Subscription.product_id)).where(
        col(Subscription.product_id).is_not(None)
    )
    return (
        col(Product.import_id).in_(run_ids)
        & col(Product.id).not_in(ordered)
        & col(Product.id).not_in(subscribed)
    )
