"""What `bench.scale` measures: the functions that jobs call, on a company.

Libraries are loaded before the clock starts, as in a worker that has done a job
before; what is read from the warehouse is part of the work.
"""

import importlib
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd

from bench.company import AS_OF
from crm import warehouse
from crm.analytics import overview, what_if
from crm.analytics.churn import churn_learning
from crm.analytics.churn.churn_learning import Known, described
from crm.analytics.lifetime import lifetime_models
from crm.jobs import (
    anomalies,
    association_rules,
    churn,
    cohorts,
    forecast,
    lifetime_value,
    next_products,
    segmentation,
)
from crm.models import SYSTEM
from crm.warehouse import House

HORIZON = 90  # days
RULES = {  # as the page proposes, but for the lowest support that it offers
    "unit": "basket",
    "level": "product",
    "min_support": 0.001,
    "max_items": 3,
    "min_confidence": 0.1,
    "check": "later",
}
LIBRARIES = (
    *("sklearn.cluster", "sklearn.ensemble", "sklearn.linear_model", "sklearn.svm"),
    *("sklearn.mixture", "sklearn.metrics", "sklearn.calibration"),
    *("sklearn.kernel_approximation", "sklearn.decomposition"),
    *("scipy.optimize", "scipy.sparse", "scipy.special", "scipy.stats"),
    *("statsmodels.api", "duckdb", "pyarrow.parquet"),
)

Work = Callable[[], Any]


def job(compute: Callable[..., Any], **parameters: Any) -> Callable[[House], Work]:
    """A job as the worker does it, between the refresh and the keeping."""
    context = SimpleNamespace(
        arguments={"parameters": parameters},
        actor=SYSTEM,
        progress=lambda _share, _stage=None: None,
    )
    return lambda house: lambda: compute(context, house, AS_OF)


def learning(name: str) -> Callable[[House], Work]:
    """One model learned from all customers; their features are there already."""

    def prepared(house: House) -> Work:
        day = AS_OF - timedelta(days=HORIZON)
        features, came = house.churn_features(day), house.future(day, HORIZON)
        churned = ~features["customer_id"].isin(came["customer_id"]).to_numpy()
        known = Known(day, features, described(features), churned)
        return lambda: churn_learning.learn(known, [name])

    return prepared


def bg_nbd(house: House) -> Work:
    buyers = house.repeat_buyers(AS_OF)
    return lambda: lifetime_models.learn(buyers, as_of=AS_OF)


def _overview(house: House) -> list[Any]:
    orders = house.orders()
    return [
        overview.monthly(orders, as_of=AS_OF),
        overview.lately(orders, as_of=AS_OF),
        what_if.baseline(orders, as_of=AS_OF),
    ]


def _next_products(house: House) -> Any:
    return next_products.next_products(
        house.baskets(AS_OF), house.products(), since=None
    )


def _rules(house: House) -> Any:
    baskets, products = house.baskets(AS_OF), house.products()
    return association_rules.rules(baskets, products, RULES)


WORK: dict[str, Callable[[House], Work]] = {
    "RFM table": lambda house: lambda: house.buyers(AS_OF),
    "Features for churn": lambda house: lambda: house.churn_features(AS_OF),
    "Cohorts": job(cohorts.cohorts),
    "Overview": lambda house: lambda: _overview(house),
    "Revenue by day, forecasts": job(forecast.forecast),
    "Alerts": job(anomalies.anomalies),
    "Association rules": lambda house: lambda: _rules(house),
    "Next products": lambda house: lambda: _next_products(house),
    "Segmentation, all methods": job(segmentation.segmentation),
    "BG/NBD and Gamma-Gamma, fitted": bg_nbd,
    "Lifetime value, with intervals": job(
        lifetime_value.lifetime_value, horizon=365, annual_rate=0.1
    ),
    "Logistic regression, learned": learning("logistic"),
    "Gradient boosting, learned": learning("boosting"),
    "Churn, with all its models": job(churn.churn, horizon=HORIZON),
}


def measured(name: str) -> dict[str, float]:
    """Seconds by the clock and of the processor; peak megabytes of the process."""
    for library in LIBRARIES:
        importlib.import_module(library)
    pd.DataFrame({"a": [1.0]}).groupby("a").sum()
    with warehouse.reading() as house:
        work = WORK[name](house)
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        taken = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall": round(taken[0], 3), "cpu": round(taken[1], 3), "peak": round(peak)}
