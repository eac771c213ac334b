"""Bring the copy for analysis up to date: every hour, and when asked for."""

from typing import Any

from crm import warehouse
from crm.jobs.context import JobContext
from crm.jobs.registry import job


@job("warehouse")
def refresh_warehouse(context: JobContext) -> dict[str, Any]:
    """The warehouse with all that is committed by now; it is of the moment told."""
    at = context.step("refresh", warehouse.refresh, context.progress)
    return {"data_at": at.isoformat()}
