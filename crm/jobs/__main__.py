"""`python -m crm.jobs`: a worker; with `--beside`, one that ends with its app."""

import logging
import os
import sys

from crm.jobs.worker import work

# else threads that wait for each other keep the processor from the app beside them
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

work(beside="--beside" in sys.argv[1:])
logging.shutdown()
# A job may be at work in a library's own code, which an interpreter that ends in the
# usual way can wait for without end. Nothing is left to do: what counts is committed.
os._exit(0)
