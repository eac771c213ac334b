"""The model card of churn: what was made by what, so that it can be made again."""

from typing import Any

from crm.analytics.churn.churn import Churn
from crm.analytics.churn.churn_boosting import SETTINGS
from crm.analytics.churn.churn_features import FEATURES
from crm.analytics.churn.churn_learning import SEED
from crm.jobs.versions import made_with


def card(found: Churn) -> dict[str, Any]:
    """Plain data: versions, features in use and those that are the same for all,
    settings, rows, seconds to learn."""
    used = found.coefficients
    columns = list(dict.fromkeys(used["feature"]))
    return {
        **made_with(),
        "features": columns,
        "alike": [name for name in FEATURES if name not in columns],
        "columns": len(used),
        "rows": {
            "learned": found.learned_from[0],
            "judged": found.judged_from[0],
            "scored": len(next(iter(found.scores.values()))),
        },
        "seconds": {name: round(spent, 3) for name, spent in found.seconds.items()},
        "settings": {"seed": SEED, "boosting": SETTINGS},
    }
