"""`python -m crm.jobs`: a worker."""

from crm.jobs.worker import work

work()
