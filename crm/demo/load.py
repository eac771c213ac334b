"""Put the demo company into the database, and take it out again.

All of it carries the number of one import, by which it is found again.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.demo import (
    campaigns_writing,
    invoices_writing,
    money_writing,
    opportunity_writing,
    order_writing,
    quotes_writing,
    rows,
    targets_writing,
    writing,
)
from crm.demo.company import DemoCompany
from crm.demo.wiping import wipe
from crm.demo.writing import TARGET
from crm.models import (
    Activity,
    Contact,
    Customer,
    ImportRun,
    ImportState,
    Lead,
    Product,
    Reach,
    Record,
    Role,
    Subscription,
    Team,
    Ticket,
    User,
)

__all__ = ["is_loaded", "parts", "wipe"]

PIECE = 5_000  # rows in one transaction

Part = tuple[str, Callable[[Session], Any]]


def parts(company: DemoCompany) -> Iterator[Part]:
    """What is to be written, in order: a name, and a function of the session."""
    yield "people", partial(_people, company=company)
    for entity, table, made in (
        ("customer", Customer, rows.customers(company.customers)),
        ("product", Product, rows.products(company.products)),
        ("contact", Contact, rows.contacts(company.contacts)),
        ("activity", Activity, rows.activities(company.activities)),
        ("subscription", Subscription, rows.subscriptions(company.subscriptions)),
    ):
        yield from _pieces(entity, table, made)
    for name, write in (
        ("prices and rates", money_writing.setup),
        ("opportunities", opportunity_writing.opportunities),
        ("around opportunities", opportunity_writing.around),
    ):
        yield name, partial(write, company=company)
    yield from _pieces("talk", Activity, opportunity_writing.talks(company))
    yield from _pieces("ticket", Ticket, rows.tickets(company.tickets))
    yield from _pieces("lead", Lead, rows.leads(company.leads))
    yield "tags", lambda session: writing.tags(session, company.customers)
    yield from order_writing.parts(company)
    for name, write in (
        ("quotes", quotes_writing.quotes),
        ("invoices", invoices_writing.invoices),
        ("targets", targets_writing.write),
        ("campaigns", campaigns_writing.write),
    ):
        yield name, partial(write, company=company)


def _pieces(
    entity: str, table: type[Record], made: list[dict[str, Any]]
) -> Iterator[Part]:
    for start in range(0, len(made), PIECE):
        piece = made[start : start + PIECE]
        yield f"{entity} {start}", writing.inserting(table, piece)


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
