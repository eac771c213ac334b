"""The opportunities of the demo company into the database, with their past."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.config import settings
from crm.demo import money_taxes, opportunity_rows, writing
from crm.demo.company import DemoCompany
from crm.demo.money_rates import Rates
from crm.demo.rows import prepared
from crm.models import Activity, Estimate, Opportunity, OpportunityLine, StageChange
from crm.services.sales import pipelines


def opportunities(session: Session, company: DemoCompany) -> int:
    """All of them, each with its moves through the usual pipeline."""
    pipelines.ensure(session)
    stages = pipelines.stages(session, pipelines.listed(session)[0].id)
    run = writing.run_of(session)
    owners, customers = writing.users(session), writing.customer_ids(session, run)
    rates = Rates(company.rates, settings().currency)
    made, moves = [], []
    for row in company.opportunities.to_dict("records"):
        way = opportunity_rows.moves(row)
        owned = {
            "customer_id": customers[row["customer_external_id"]],
            "owner_id": owners.get(row["owner"]),
            "import_id": run,
        }
        given = opportunity_rows.record(row, stages, rates) | owned
        made.append(prepared(Opportunity, given, way[0][1]))
        moves.append((way, owned["owner_id"]))
    written = writing.batch(session, Opportunity, made, run)
    ready = []
    for key, (way, by) in zip(
        writing.opportunity_ids(session, run), moves, strict=True
    ):
        before = None
        for place, at in way:
            to = stages[place].id
            link = {"opportunity_id": key, "from_stage_id": before, "to_stage_id": to}
            ready.append(prepared(StageChange, link | {"at": at, "by_id": by}, at))
            before = to
    return written + writing.batch(session, StageChange, ready, run)


def around(session: Session, company: DemoCompany) -> int:
    """Their products, what was expected of them, and how we kept in touch."""
    run = writing.run_of(session)
    ids, products = writing.opportunity_ids(session, run), writing.product_ids(session)
    percent = money_taxes.rates(company.products)
    lines = [
        opportunity_rows.line(row)
        | {
            "opportunity_id": ids[row["opportunity"]],
            "product_id": products[row["sku"]],
            "tax_rate": money_taxes.share(percent, row["sku"]),
        }
        for row in company.opportunity_lines.to_dict("records")
    ]
    writing.lines(session, OpportunityLine, lines)
    rated = select(col(Opportunity.id), col(Opportunity.rate)).where(
        col(Opportunity.import_id) == run
    )
    rate = {row[0]: row[1] for row in session.execute(rated)}
    estimates = []
    for row in company.estimates.to_dict("records"):
        key = ids[row["opportunity"]]
        said = opportunity_rows.estimate(row, rate[key]) | {"opportunity_id": key}
        estimates.append(prepared(Estimate, said, said["at"]))
    return writing.batch(session, Estimate, estimates, run)


def talks(company: DemoCompany) -> list[dict[str, Any]]:
    """The activities around opportunities, as `writing.inserting` wants them."""
    about = company.opportunities[["customer_external_id", "owner"]].to_dict("records")
    rows = []
    for row in company.talks.to_dict("records"):
        said, them = opportunity_rows.talk(row), about[row["opportunity"]]
        links = {
            "_customer": them["customer_external_id"],
            "_owner": them["owner"],
            "_opportunity": row["opportunity"],
        }
        rows.append(prepared(Activity, said, said["at"]) | links)
    return rows
