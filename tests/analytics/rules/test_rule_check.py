"""One verdict on many rules, from baskets held out."""

import pandas as pd
import pytest

from crm.analytics.rules.rule_check import Check, check

MISSING = float("nan")


def measured(*rules: tuple[float, float, float]) -> Check:
    """Rules of lift 2: confidence, later confidence, later lift."""
    names = ["confidence", "later_confidence", "later_lift"]
    return check(pd.DataFrame(rules, columns=names).assign(lift=2.0))


def test_figures_are_of_the_rules_that_could_be_measured() -> None:
    made = measured((0.4, 0.3, 1.5), (0.6, 0.3, 0.9), (0.9, MISSING, MISSING))

    assert (made.rules, made.measured, made.kept_lift) == (3, 2, 0.5)
    assert (made.confidence, made.later_confidence) == (0.5, 0.3)
    assert (made.lift, made.later_lift) == (2, 1.2)


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([(0.5, 0.45, 1.8)] * 10, "held"),
        ([(0.5, 0.3, 1.2)] * 10, "weaker"),
        ([(0.5, 0.5, 2.0)] * 7 + [(0.5, 0.5, 0.9)] * 3, "weaker"),
        ([(0.5, 0.2, 1.2)] * 10, "failed"),
        ([(0.5, 0.4, 0.9)] * 6 + [(0.5, 0.5, 2.0)] * 4, "failed"),
        ([(0.9, 0.0, 0.0)] + [(0.9, MISSING, MISSING)] * 9, "failed"),
        ([(0.5, 0.5, 2.0)] * 4 + [(0.5, MISSING, MISSING)] * 6, "unknown"),
        ([(0.5, MISSING, MISSING)], "unknown"),
        ([], "unknown"),
    ],
)
def test_the_verdict(rules: list[tuple[float, float, float]], verdict: str) -> None:
    assert measured(*rules).verdict == verdict
