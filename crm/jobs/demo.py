"""Load the demo company, or wipe it."""

from datetime import date
from typing import Any

from crm.demo import generate, load
from crm.i18n import _
from crm.jobs.context import JobContext
from crm.jobs.registry import job
from crm.models import Reason
from crm.services import first_look


@job("demo")
def load_demo(context: JobContext) -> dict[str, Any]:
    """The company of the day that was asked for, written piece by piece."""
    context.progress(0.02, _("Inventing a company"))
    today = date.fromisoformat(context.arguments["today"])
    company = generate(today=today)
    todo = list(load.parts(company))
    for number, (name, write) in enumerate(todo):
        context.write(name, write, reason=Reason.DEMO)
        context.progress(0.1 + 0.9 * (number + 1) / len(todo), _("Writing it down"))
    context.write("look", lambda session: first_look.ask(session, today=today))
    return {"customers": len(company.customers), "orders": company.order_count}


@job("wipe_demo")
def wipe_demo(context: JobContext) -> dict[str, Any]:
    """Everything of the demo company, in one transaction."""
    context.progress(0.1, _("Clearing up"))
    gone = context.write("wipe", load.wipe, reason=Reason.DEMO)
    return {"customers": gone}
