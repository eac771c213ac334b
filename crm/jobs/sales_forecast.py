"""The sales forecast in the background: a simulation, and its test on the past."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from crm import db
from crm.analytics.deals.sales_back_test import back_test
from crm.analytics.deals.sales_book import Book, book
from crm.analytics.deals.sales_forecast import forecast
from crm.analytics.deals.sales_weighted import weighted
from crm.errors import Invalid, NotEnoughData
from crm.i18n import _
from crm.jobs.analyses import analysis, asked_for, progress
from crm.jobs.context import JobContext
from crm.models.words import kept
from crm.services import days
from crm.services.analyses import Made
from crm.services.sales import forecast_calls
from crm.services.sales.opportunity_tables import Deals, deals
from crm.services.sales.targets_about import EVERYONE, choices, owner_ids
from crm.warehouse import House

QUARTERS = range(2, 5)  # that can be looked ahead, with the one that runs
SIMULATED = 0.4  # share of the work

DAY = timedelta(days=1)

Owners = dict[str, Collection[int] | None]  # by whom a forecast is about


@dataclass(frozen=True)
class Read:
    """What is in the reach of whoever asked."""

    deals: Deals
    owners: Owners
    chances: pd.Series
    unpriced: dict[str, int]  # opportunities without a rate, by currency


@analysis("sales_forecast")
def compute(context: JobContext, _house: House, as_of: date) -> Made:
    """As of the evening of a day, for everyone, each team and each user.

    Opportunities are few: they are read from the records themselves.
    """
    quarters = context.arguments["parameters"].get("quarters", QUARTERS[-1])
    if quarters not in QUARTERS:
        words = _("A sales forecast looks {first} to {last} quarters ahead.")
        span = {"first": QUARTERS[0], "last": QUARTERS[-1]}
        raise Invalid(words.format(**span), field="quarters")
    told = progress(context, _("Simulating what is open, trying it on the past"))
    return made(_read(context), as_of, quarters, told)


def made(
    found: Read, as_of: date, quarters: int, on_progress: Any = lambda _share: None
) -> Made:
    """What is kept of it.

    Tables: `expected`, `assumed`, `stages` and `slips` as in `sales_forecast`,
    `tried` and `judged` as in `sales_back_test`; or, where history is too thin,
    `weighted` by month: `about`, `month`, `amount`, and in the summary under `refused`
    why. Under `unpriced` is what has no rate, and so is in none of it.
    """
    known, moment = _book(found.deals), pd.Timestamp(as_of) + DAY
    summary: dict[str, Any] = {"quarters": quarters, "unpriced": found.unpriced}
    # What a model says now was not known then; midnight may pass while a job waits.
    is_past = as_of < days.today() - DAY
    try:
        result = forecast(
            known,
            moment=moment,
            quarters=quarters,
            groups=found.owners,
            by_model=None if is_past else found.chances,
        )
    except NotEnoughData as error:
        summary |= {"refused": kept(error.words)}
        return _plain(known, moment, found.owners, summary)
    on_progress(SIMULATED)
    tried = back_test(
        known,
        moment,
        on_progress=lambda share: on_progress(SIMULATED + (1 - SIMULATED) * share),
    )
    return Made(
        summary | result.facts | {"skipped": tried.skipped},
        {
            "expected": result.expected,
            "assumed": result.assumed,
            "stages": _named(result.chances, known),
            "slips": result.slips,
            "tried": tried.tried,
            "judged": tried.judged,
        },
    )


def _read(context: JobContext) -> Read:
    with db.reading(context.actor) as session:
        only = asked_for(context, session)
        owners: Owners = {EVERYONE.key: None}
        owners |= {one.key: owner_ids(session, one) for one in choices(session)}
        chances = pd.Series(forecast_calls.win_chances(session), dtype="float64")
        found = deals(session, only=only)
        table = found.opportunities
        missing = table.loc[table["no_rate"], "opportunity_id"].tolist()
        currencies = forecast_calls.currencies(session, missing)
    return Read(found, owners, chances, currencies)


def _book(found: Deals) -> Book:
    tables = found.opportunities, found.stages, found.changes, found.estimates
    return book(*tables, zone=days.zone())


def _named(chances: pd.DataFrame, known: Book) -> pd.DataFrame:
    """With the stage, its pipeline, and the probability that is set by hand."""
    columns = ["stage_id", "pipeline", "stage", "probability"]
    named = chances.merge(known.stages[columns], on="stage_id", how="left")
    return named.fillna({"pipeline": "", "stage": ""})


def _plain(
    known: Book, moment: pd.Timestamp, owners: Owners, summary: dict[str, Any]
) -> Made:
    rows = []
    for about, whose in owners.items():
        months = weighted(known, moment, whose)
        if months is None:
            continue
        rows += [
            {"about": about, "month": month.start_time, "amount": amount}
            for month, amount in months.items()
        ]
    table = pd.DataFrame(rows, columns=["about", "month", "amount"])
    return Made(summary, {"weighted": table})
