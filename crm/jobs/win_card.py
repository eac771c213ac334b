"""The model card of the chance to win: what was made by what."""

from typing import Any

from crm.analytics.churn.churn_boosting import SETTINGS
from crm.analytics.deals.win_chance import WinChance
from crm.analytics.deals.win_models import FOLDS, PULL, SEED
from crm.jobs.versions import made_with


def card(found: WinChance) -> dict[str, Any]:
    """Plain data: versions, features in use, settings, rows, seconds to learn."""
    return {
        **made_with(),
        "features": list(found.features),
        "seconds": {name: round(spent, 3) for name, spent in found.seconds.items()},
        "settings": {
            "seed": SEED,
            "folds": FOLDS,
            "ridge": PULL,
            "boosting": SETTINGS,
        },
    }
