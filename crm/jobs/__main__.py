"""`python -m crm.jobs`: a worker."""

import os

from crm.jobs.worker import work

# else threads that wait for each other keep the processor from the app beside them
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

work()
