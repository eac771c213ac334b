"""The facts behind the sales reports, gathered in the background."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlmodel import Session, col

from crm import db
from crm.analytics.clocks import there
from crm.analytics.deals.deal_facts import as_of_day, end_of, facts
from crm.analytics.deals.stage_times import passages
from crm.i18n import _
from crm.jobs.analyses import analysis, asked_for, progress
from crm.jobs.context import JobContext
from crm.models import Customer, Opportunity, User
from crm.services import days
from crm.services.analyses import Made
from crm.services.sales.opportunity_tables import Deals, deals
from crm.warehouse import House


@analysis("sales_report")
def compute(context: JobContext, _house: House, as_of: date) -> Made:
    """What the reports count, of the opportunities in the actor's reach."""
    told = progress(context, _("Reading opportunities"))
    with db.reading(context.actor) as session:
        only = asked_for(context, session)
        found = deals(session, only=only)
        told(0.5)
        names = _names(session)
    return made(found, names, as_of=as_of)


def made(found: Deals, names: pd.DataFrame, *, as_of: date) -> Made:
    """What is kept: the tables `deals` (`deal_facts.FACTS` with names, times as the
    clocks of the company show them), `passages` (as in `stage_times`), `stages`.

    Args:
        names: by `opportunity_id`: `name`, `customer` and `owner`.
    """
    zone = days.zone()
    opportunities, changes = as_of_day(found.opportunities, found.changes, as_of, zone)
    table = facts(opportunities, changes, found.stages)
    stays = passages(opportunities, changes, found.stages, as_of=end_of(as_of, zone))
    summary: dict[str, Any] = {
        "opportunities": len(table),
        "no_rate": int(table["no_rate"].sum()),
    }
    shown = {name: there(table[name], zone) for name in ("opened_at", "closed_at")}
    table = table.assign(**shown).merge(names, on="opportunity_id", how="left")
    tables = {"deals": table, "passages": stays, "stages": found.stages}
    return Made(summary, tables)


def _names(session: Session) -> pd.DataFrame:
    """What opportunities, their customers and their owners are called."""
    statement = (
        select(
            col(Opportunity.id),
            col(Opportunity.name),
            col(Customer.name),
            col(User.name),
        )
        .join(Customer, col(Customer.id) == col(Opportunity.customer_id))
        .outerjoin(User, col(User.id) == col(Opportunity.owner_id))
    )
    rows = [tuple(row) for row in session.execute(statement)]
    columns = ["opportunity_id", "name", "customer", "owner"]
    kinds = dict.fromkeys(columns, "str") | {"opportunity_id": "int64"}
    return pd.DataFrame(rows, columns=columns).fillna({"owner": ""}).astype(kinds)
