"""The model card of churn: what was made by what, so that it can be made again."""

import platform
from importlib.metadata import version
from typing import Any

import crm
from crm.analytics.churn import Churn
from crm.analytics.churn_boosting import SETTINGS
from crm.analytics.churn_learning import SEED

LIBRARIES = ("scikit-learn", "numpy", "pandas", "scipy")


def card(found: Churn) -> dict[str, Any]:
    """Plain data: versions, features in use, settings, rows, seconds to learn."""
    used = found.coefficients
    return {
        "program": crm.__version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "features": list(dict.fromkeys(used["feature"])),
        "columns": len(used),
        "rows": {
            "learned": found.learned_from[0],
            "judged": found.judged_from[0],
            "scored": len(next(iter(found.scores.values()))),
        },
        "seconds": {name: round(spent, 3) for name, spent in found.seconds.items()},
        "settings": {"seed": SEED, "boosting": SETTINGS},
    }
