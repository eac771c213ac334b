"""Pages of insight without a browser: open one, read it, see what it asked for."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, Analysis, Customer, Job, utcnow
from crm.services import analyses
from crm.services.analyses import Made
from crm.services.customers import customers

TEXTS = ("markdown", "caption", "subheader", "error", "warning", "info")


def opened(app: AppTest, page: str, **query: str) -> AppTest:
    """The page of that file, as a link with such a query opens it."""
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(str(ROOT / page)).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All text of the page, without the signs that keep it from being markup."""
    elements = [one for kind in TEXTS for one in app.get(kind)]
    return "\n".join(str(one.value) for one in elements).replace("\\", "")


def ranking(app: AppTest) -> pd.DataFrame:
    """The first table."""
    table: pd.DataFrame = app.dataframe[0].value
    return table


def asked(kind: str) -> dict[str, Any]:
    """What the one job of that kind was asked for."""
    with db.reading(SYSTEM) as session:
        return session.scalars(select(Job).where(Job.kind == kind)).one().arguments


def kept(
    actor: Actor, kind: str, made: Made, *, as_of: date, **parameters: Any
) -> Analysis:
    """A result as a job of `actor` keeps it."""
    result = Analysis(
        kind=kind,
        parameters=parameters,
        as_of=as_of,
        data_at=utcnow(),
        summary=made.summary,
    )
    with db.transaction(actor) as session:
        analyses.store(session, result, made.tables)
    return result


def put_away(actor: Actor, name: str) -> None:
    """Put the customer of that name into the recycle bin."""
    with db.transaction(actor) as session:
        gone = session.scalars(select(Customer).where(Customer.name == name)).one()
        customers.remove(session, gone.id)
