"""Recurring revenue in the background: MRR, its movements, how long it lasts."""

from dataclasses import asdict
from datetime import date
from typing import Any

from crm import db
from crm.analytics.mrr import RecurringRevenue, recurring_revenue
from crm.analytics.survival.cox import Cox, cox
from crm.analytics.survival.survival import FIELDS, lifetimes
from crm.errors import NotEnoughData
from crm.i18n import _
from crm.jobs.analyses import analysis, asked_for, progress
from crm.jobs.context import JobContext
from crm.models.words import kept
from crm.services.admin import custom_words
from crm.services.admin.custom_words import Words
from crm.services.analyses import Made
from crm.services.subscriptions.subscription_tables import Subscribed, subscribed
from crm.warehouse import House


@analysis("recurring_revenue")
def compute(context: JobContext, _house: House, as_of: date) -> Made:
    """MRR up to a day, and the lifetimes of all subscriptions as of it.

    Subscriptions are few: they are read from the records themselves, in the reach of
    whoever asked.
    """
    told = progress(context, _("Following subscriptions from their start"))
    found = _read(context, as_of)
    told(0.3)
    revenue = recurring_revenue(found.subscriptions, found.prices, as_of=as_of)
    told(0.5)
    table = lifetimes(found.subscriptions, as_of=as_of)
    with db.reading(context.actor) as session:
        words = custom_words.with_words(session, table, "subscription", "customer")
    return made(revenue, words)


def _read(context: JobContext, as_of: date) -> Subscribed:
    with db.reading(context.actor) as session:
        only = asked_for(context, session)
        return subscribed(session, as_of=as_of, only=only)


def made(revenue: RecurringRevenue, words: Words) -> Made:
    """What is kept of it.

    Tables: `months` and `movements` as in `mrr`, `lifetimes` as in `survival` with
    the custom fields that `labels` and `truths` of the summary tell of, and `ratios`
    as in `cox` where there are any; else `cox` in the summary says in words why not.
    """
    summary: dict[str, Any] = {
        "mrr": revenue.mrr,
        "arr": 12 * revenue.mrr,
        "running": revenue.running,
        "no_rate": revenue.no_rate,
        "net_retention": revenue.net_retention,
        "gross_retention": revenue.gross_retention,
        "labels": words.labels,
        "truths": words.truths,
    }
    tables = {
        "months": revenue.months,
        "movements": revenue.movements,
        "lifetimes": words.table,
    }
    try:
        found = cox(words.table, [*FIELDS, *words.labels])
    except NotEnoughData as error:
        return Made(summary | {"cox": {"why_not": kept(error.words)}}, tables)
    return Made(summary | {"cox": _told(found)}, tables | {"ratios": found.ratios})


def _told(found: Cox) -> dict[str, Any]:
    return {
        "subscriptions": found.subscriptions,
        "ended": found.ended,
        "left_out": found.left_out,
        "judged": asdict(found.judged) if found.judged else None,
    }
