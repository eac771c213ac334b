"""What a model was made with, for its card."""

import platform
from importlib.metadata import version
from typing import Any

import crm

LIBRARIES = ("scikit-learn", "numpy", "pandas", "scipy")


def made_with() -> dict[str, Any]:
    """The versions of the program, of Python and of the libraries, as plain data."""
    return {
        "program": crm.__version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }
