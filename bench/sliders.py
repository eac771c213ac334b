"""`python -m bench.sliders [customers]`: from the move of a slider to the new picture.

Whole pages on stored results: 50,000 rules, and churn, lifetime value, next purchases
and segmentation of 1,000,000 customers (or as many as told). Results are made of a
company of 1,000 customers, and its customers repeated until there are as many. Each
page is opened by Streamlit's AppTest, its slider moved to and fro, and what is counted
is the processor time of the process from the move until the page has run: the page,
Streamlit's work for it, and AppTest's reading of what came, but no browser. Takes some
minutes.
"""

import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from bench import company, pages, rule_views, work
from crm import db, warehouse
from crm.config import ROOT
from crm.jobs import churn, lifetime_value, purchase, segmentation
from crm.models import SYSTEM, Analysis, utcnow
from crm.services import analyses
from crm.services.admin import sessions
from crm.services.analyses import Made

CUSTOMERS = 1_000_000
SMALL = 10_000  # order lines of the company whose results are repeated
MOVES = 12  # of which the first ones warm up
WARM = 4
AIM = 100  # milliseconds

Move = Callable[[AppTest, int], Any]


@dataclass(frozen=True)
class Slider:
    """A slider on a page: what it is called, how it is moved for the nth time."""

    page: str
    told: str
    move: Move
    session: dict[str, Any] = field(default_factory=dict)


def ranged(low: int, high: int, step: int = 5) -> Move:
    """The first slider of two ends: its lower end goes up and down."""
    return lambda app, n: app.slider[0].set_range(low + step * (n % 4), high)


def lift(app: AppTest, n: int) -> None:
    app.select_slider(key="rules_lift").set_value((1.2, 1.5, 2, 3)[n % 4])


def cut(app: AppTest, n: int) -> None:
    """A cut point of recency: every customer is scored anew."""
    key = next(one.key for one in app.number_input if "rfm_recency" in str(one.key))
    app.number_input(key=key).set_value(200.0 + 3 * n)


def number_of_clusters(app: AppTest, n: int) -> None:
    app.segmented_control(key="clusters_k").set_value(3 + n % 2)


EVERY = {"rules_q": 1, "rules_shorter": True}
SLIDERS = (
    *(
        Slider("association_rules", f"lift, {view}", lift, EVERY | {"rules_view": view})
        for view in ("Table", "Scatter", "Network", "Heat map")
    ),
    Slider("churn", "probability", ranged(5, 100)),
    Slider("lifetime_value", "probability alive", ranged(5, 100)),
    Slider("purchase", "probability to buy", ranged(5, 100)),
    Slider("segmentation", "RFM, a cut point", cut),
    Slider("segmentation", "number of clusters", number_of_clusters,
           {"segmentation_view": "clusters"}),
)  # fmt: skip


ASKED: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "churn": (churn.churn, {"horizon": 90, "models": ["logistic", "boosting"]}),
    "lifetime_value": (
        lifetime_value.lifetime_value,
        {"horizon": 365, "annual_rate": 0.1},
    ),
    "purchase": (purchase.purchase, {"horizon": 90}),
    "segmentation": (segmentation.segmentation, {}),
}


def results(customers: int) -> dict[str, Made]:
    """Of a small company, its customers repeated; rules made up."""
    company.write(SMALL)
    with warehouse.reading() as house:
        found = {
            kind: repeated(work.job(compute, **given)(house)(), customers)
            for kind, (compute, given) in ASKED.items()
        }
        few = work._rules(house)
    many = rule_views.rules(rule_views.MANY)
    tables = {"rules": many.rules, "products": many.products}
    return found | {"association_rules": Made(few.summary, tables)}


def repeated(made: Made, customers: int) -> Made:
    """The same with many customers: tables of all of them, and how many they are."""
    few = made.summary["customers"]
    tables = {
        name: many_of(table, few, customers) if len(table) == few else table
        for name, table in made.tables.items()
    }
    return Made(made.summary | {"customers": customers}, tables)


def many_of(table: pd.DataFrame, few: int, customers: int) -> pd.DataFrame:
    """In the order of the table, which may be that of a column."""
    rows = np.sort(np.arange(customers) % few)
    longer = table.iloc[rows].reset_index(drop=True)
    if "customer_id" not in table:
        return longer
    return longer.assign(customer_id=np.arange(1, customers + 1))


def store(found: dict[str, Made]) -> None:
    for kind, made in found.items():
        result = Analysis(
            kind=kind,
            parameters=work.RULES if kind == "association_rules" else ASKED[kind][1],
            as_of=company.AS_OF,
            data_at=utcnow(),
            summary=made.summary,
        )
        with db.transaction(SYSTEM) as session:
            analyses.store(session, result, made.tables)


def opened(token: str, slider: Slider) -> AppTest:
    """The page as the administrator of `pages.fill` sees it."""
    session = sessions.who(token)
    assert session is not None
    app = AppTest.from_file(ROOT / "crm/ui/main.py", default_timeout=300)
    app.user = {"user_id": "1", "role": "admin", "sid": str(session.session_id)}
    app.run()
    for name, value in slider.session.items():
        app.session_state[name] = value
    return run(app.switch_page(str(ROOT / f"pages/insight/{slider.page}.py")))


def run(app: AppTest) -> AppTest:
    app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].value)
    return app


def spent(token: str, slider: Slider) -> float:
    """The median processor time of a move, in milliseconds."""
    app, times = opened(token, slider), []
    for number in range(MOVES):
        slider.move(app, number)
        start = time.process_time()
        run(app)
        times.append(1000 * (time.process_time() - start))
    return median(times[WARM:])


def main(customers: int) -> None:
    logging.disable(logging.CRITICAL)  # Streamlit misses its server
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CRM_DATA_DIR": folder, "CRM_WORKER": "off"}
        db.forget()
        token = pages.fill(customers)
        store(results(customers))
        for slider in SLIDERS:
            took = spent(token, slider)
            missed = "" if took < AIM else f"   misses {AIM} ms"
            print(f"{slider.page:<20}{slider.told:<24}{took:>7.0f} ms{missed}")
        db.forget()


if __name__ == "__main__":
    given = re.sub(r"\D", "", sys.argv[1]) if len(sys.argv) > 1 else ""
    main(int(given) if given else CUSTOMERS)
