import os

# Tests run side by side: threads of one that wait for a processor keep it from others
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
