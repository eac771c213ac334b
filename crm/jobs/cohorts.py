"""Cohorts in the background: who began when, and what they did in the periods since."""

from datetime import date

from crm.analytics.cohorts.cohorts import Question, retention
from crm.errors import NotEnoughData
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.services.analyses import Made
from crm.warehouse import House
from crm.warehouse.cohorts import Cohorts


@analysis("cohorts")
def cohorts(context: JobContext, house: House, as_of: date) -> Made:
    """The cohorts of the last years as of a day; nothing more is asked."""
    progress(context, _("Following customers since their first order"))(0)
    return made(house.cohorts(as_of), as_of)


def made(found: Cohorts, as_of: date) -> Made:
    """What is kept of it: enough for pages to answer every question at once.

    Tables: `cells`, `groups`, `customers` as in `frames`, of both units and all
    groupings. In the summary, `customers` and how many of them are `early`; `since`,
    the first day of the oldest cohort there may be; and `retention`, the share active
    in the months since the first order, 1 first, as far as they are over.

    Raises:
        NotEnoughData: nobody has first bought since then, or no month after the
            first one is over.
    """
    if found.customers.empty:
        words = _("No customer has bought for the first time since {day}.")
        raise NotEnoughData(words.format(day=found.since.isoformat()))
    average = retention(found.cells, Question(as_of)).average
    over = average[(average["state"] != "running") & (average["period"] > 0)]
    summary = {
        "customers": len(found.customers),
        "early": int(found.customers["early"].sum()),
        "since": found.since.isoformat(),
        "retention": [round(float(share), 6) for share in over["value"]],
    }
    tables = {
        "cells": found.cells,
        "groups": found.groups,
        "customers": found.customers,
    }
    return Made(summary, tables)
