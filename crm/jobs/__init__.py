"""Durable background work.

A service writes a job as a row (`crm.services.jobs.ask`); a worker, `python -m
crm.jobs`, finds it, does it and writes down how it went. Any number of
workers may run, on any machine that reaches the databases.

A kind of job is one function in a module of this package; the worker imports them
all. It is made of steps that can be repeated, and of writes that never are:

    @job("greeting")
    def greet(context: JobContext) -> dict[str, Any]:
        names = context.step("names", read_names, context.arguments["file"])
        for number, part in enumerate(chunks(names)):
            context.write(f"chunk {number}", greet_all, part)
            context.progress(number / len(names), _("Greeting"))
        return {"greeted": len(names)}

`step(name, function, *args)` gives the result; when the job is taken up after a
crash the function runs again. `write(name, function,
*args)` calls `function(session, *args)` in one transaction of the user who asked,
and never again once that is committed. What raises a `CRMError` ends the job with
its text; anything else ends it with a reference to the log.
"""

from crm.jobs.context import Cancelled, JobContext
from crm.jobs.registry import job
from crm.jobs.run import run_here

__all__ = ["Cancelled", "JobContext", "job", "run_here"]
