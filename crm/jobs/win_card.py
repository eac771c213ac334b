"""The model card of the chance to win: what was made by what."""

import platform
from importlib.metadata import version
from typing import Any

import crm
from crm.analytics.churn_boosting import SETTINGS
from crm.analytics.win_chance import WinChance
from crm.analytics.win_models import FOLDS, PULL, SEED

LIBRARIES = ("scikit-learn", "numpy", "pandas", "scipy")


def card(found: WinChance) -> dict[str, Any]:
    """Plain data: versions, features in use, settings, rows, seconds to learn."""
    return {
        "program": crm.__version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "features": list(found.features),
        "seconds": {name: round(spent, 3) for name, spent in found.seconds.items()},
        "settings": {
            "seed": SEED,
            "folds": FOLDS,
            "ridge": PULL,
            "boosting": SETTINGS,
        },
    }
