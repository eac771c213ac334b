"""`python -m crm.jobs`: a worker; with `--beside`, one that ends with its app."""

import os
import sys

from crm.jobs.worker import work

# else threads that wait for each other keep the processor from the app beside them
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

work(beside="--beside" in sys.argv[1:])
