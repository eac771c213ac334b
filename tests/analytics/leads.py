"""Leads for tests: with a planted truth, or of the demo company."""

from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.calibration import sigmoid
from crm.demo import DemoCompany
from crm.frames import LEADS, typed
from crm.services.sales.lead_domains import is_own

NOW = pd.Timestamp("2026-03-02")
DAY = np.timedelta64(86_400, "s")


def leads(count: int, **columns: Any) -> pd.DataFrame:
    """`count` new leads that came in a day before `NOW`, unless told otherwise."""
    defaults = {
        "lead_id": range(1, count + 1),
        "owner_id": 1,
        "created_at": NOW - DAY,
        "status": "new",
        "ended_at": pd.NaT,
        "source": "",
        "has_company": True,
        "has_email": True,
        "has_phone": True,
        "own_domain": True,
        "words": 0,
        "by_form": False,
    }
    table = pd.DataFrame(defaults | columns, index=range(count))
    arrived = columns.get("arrived_at", table["created_at"])
    return typed(table.assign(arrived_at=arrived), LEADS)


def planted(count: int, seed: int = 1, effect: float = 1.0) -> pd.DataFrame:
    """Leads of two years whose conversion depends on the source alone.

    Half come from a fair, the odds of which are e ** (2 × effect) times those of the
    others. They end when they end; the newest are open.
    """
    random = np.random.default_rng(seed)
    created = NOW - random.uniform(0, 730, count) * DAY
    ended = created + (random.gamma(2, 10, count) + 0.1) * DAY
    source = random.choice(["fair", "web"], count)
    p = sigmoid(np.where(source == "fair", effect, -effect) - 0.5)
    ends = np.where(random.random(count) < p, "converted", "disqualified")
    return leads(
        count,
        created_at=created,
        status=np.where(ended < NOW, ends, "working"),
        ended_at=np.where(ended < NOW, ended, np.datetime64("NaT")),
        source=source,
        has_phone=random.random(count) < 0.5,
    )


def of_demo(company: DemoCompany) -> pd.DataFrame:
    """The leads of the demo company."""
    table = company.leads
    created, ended = (
        table[name].dt.tz_localize(None) for name in ("created_at", "ended_at")
    )
    return leads(
        len(table),
        created_at=created,
        status=table["status"],
        ended_at=ended,
        source=table["source"],
        has_company=table["company"] != "",
        has_email=table["email"] != "",
        has_phone=table["phone"] != "",
        own_domain=table["email"].map(is_own),
        words=table["notes"].str.split().str.len(),
    )
