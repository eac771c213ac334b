"""Targets of the demo company into the database, and what a manager expects."""

from sqlalchemy import select
from sqlmodel import Session, col

from crm.demo import targets, team, writing
from crm.demo.company import DemoCompany
from crm.demo.money import with_worth
from crm.demo.rows import amount, prepared
from crm.models import ForecastCategory, ForecastOverride, Period, Target, utcnow

MANAGER = "Bob Lindqvist"


def write(session: Session, company: DemoCompany) -> int:
    """Targets where nobody has set any; an expectation of what is committed."""
    owners, at = writing.users(session), utcnow()
    set_already = {
        (one.owner_id, one.period, one.starts_on)
        for one in session.scalars(select(Target).where(col(Target.team_id).is_(None)))
    }
    rows = []
    for row in company.targets.to_dict("records"):
        owner = owners[row["owner"]] if row["owner"] else None
        about = owner, Period(row["period"]), row["starts_on"].date()
        if about not in set_already:
            given = dict(zip(("owner_id", "period", "starts_on"), about, strict=True))
            made = given | {"amount": amount(row["amount"])}
            rows.append(prepared(Target, made, at))
    writing.kept(session, Target, rows)
    sold = with_worth(company.opportunities, company.rates)
    if expected := targets.expected(sold, company.today):
        said = {
            "period": Period.QUARTER,
            "starts_on": targets.quarter(company.today).start_time.date(),
            "category": ForecastCategory.COMMIT,
            "amount": amount(expected),
            "note": targets.NOTE,
            "by_id": owners.get(team.email(MANAGER)),
        }
        writing.kept(session, ForecastOverride, [prepared(ForecastOverride, said, at)])
    return len(rows)
