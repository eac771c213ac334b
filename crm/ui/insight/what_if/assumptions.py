"""The assumptions, each a slider with two ends; all of them are in the address."""

from dataclasses import dataclass

import streamlit as st

from crm.analytics.what_if import Baseline, Range
from crm.i18n import N_, _

PERCENT = "%d%%"


@dataclass(frozen=True)
class Assumption:
    """One slider: its bounds and usual range, in the unit that it shows.

    What it shows divided by `scale` is what the simulation takes.
    """

    label: str
    help: str
    bounds: tuple[float, float]
    usual: tuple[float, float]
    step: float = 1.0
    scale: float = 100.0
    format: str = PERCENT


ASSUMPTIONS: dict[str, Assumption] = {
    "price": Assumption(
        N_("Prices"), N_("Change against today"), (-30.0, 30.0), (0.0, 0.0)
    ),
    "elasticity": Assumption(
        N_("Elasticity of volume to price"),
        N_("Percent of volume for one percent of price"),
        (-3.0, 0.0),
        (-1.5, -0.5),
        step=0.1,
        scale=1.0,
        format="%.1f",
    ),
    "volume": Assumption(
        N_("Volume per customer"),
        N_("Change against today"),
        (-50.0, 50.0),
        (-5.0, 5.0),
    ),
    "won": Assumption(
        N_("New customers"),
        N_("Change against the last year, as by a better win rate"),
        (-100.0, 100.0),
        (-10.0, 10.0),
    ),
    "churn": Assumption(
        N_("Churn in a year"),
        N_("Share of today's customers who will not buy again within the year"),
        (0.0, 95.0),
        (15.0, 25.0),
    ),
    "budget": Assumption(
        N_("Budget for winning customers"),
        N_("On top of what is spent today"),
        (0.0, 100.0),
        (0.0, 0.0),
        scale=1.0,
        format="localized",
    ),
    "cost_per_customer": Assumption(
        N_("Cost of a customer won by it"),
        N_("What of that budget wins one customer"),
        (1.0, 100.0),
        (20.0, 40.0),
        scale=1.0,
        format="localized",
    ),
    "margin": Assumption(
        N_("Gross margin"), N_("At today's prices"), (0.0, 95.0), (35.0, 45.0)
    ),
}
SPREAD = 5.0  # percentage points around the churn of the last year


def key(name: str) -> str:
    """Of the slider, in the session and in the address."""
    return f"what_if_{name}"


def choose(start: Baseline) -> dict[str, Range]:
    """The sliders, side by side where there is room."""
    found = {}
    with st.grid(2, min_column_width=280):
        for name, one in fitted(start).items():
            _keep_within(key(name), one.bounds)
            low, high = st.slider(
                _(one.label),
                *one.bounds,
                value=one.usual,
                step=one.step,
                format=one.format,
                help=_(one.help),
                key=key(name),
                bind="query-params",
            )
            found[name] = Range(low / one.scale, high / one.scale)
    return found


def _keep_within(slider: str, bounds: tuple[float, float]) -> None:
    """A scenario that was saved when the business was larger still opens."""
    if held := st.session_state.get(slider):
        low, high = (min(max(float(end), bounds[0]), bounds[1]) for end in held)
        if (low, high) != tuple(held):
            st.session_state[slider] = (min(low, high), max(low, high))


def fitted(start: Baseline) -> dict[str, Assumption]:
    """The assumptions in the size of the business: amounts, and churn as it was."""
    each = start.revenue / max(start.customers, 1)
    step = _round(each / 50)
    budget = _round(start.revenue / 5)
    made = dict(ASSUMPTIONS)
    made["budget"] = _with(
        made["budget"], (0.0, budget), (0.0, 0.0), _round(budget / 50)
    )
    cost = 100 * step
    made["cost_per_customer"] = _with(
        made["cost_per_customer"], (step, cost), (15 * step, 30 * step), step
    )
    if start.lost is not None:
        lost = round(100 * start.lost)
        low, high = max(0.0, lost - SPREAD), min(95.0, lost + SPREAD)
        made["churn"] = _with(made["churn"], (0.0, 95.0), (min(low, high), high), 1.0)
    return made


def _with(
    one: Assumption,
    bounds: tuple[float, float],
    usual: tuple[float, float],
    step: float,
) -> Assumption:
    return Assumption(one.label, one.help, bounds, usual, step, one.scale, one.format)


def _round(amount: float) -> float:
    """One significant digit, at least 1, so that sliders move by sensible steps."""
    digits = len(str(int(max(amount, 1)))) - 1
    return float(max(1, round(max(amount, 1) / 10**digits) * 10**digits))
