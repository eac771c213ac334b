"""What makes the demo company win is found by the analysis that learns from it."""

import pandas as pd
import pytest

from crm.analytics import win_chance
from crm.analytics.reasons import reasons
from crm.demo import DemoCompany
from tests.analytics.deals import few_trees, of_demo
from tests.demo.conftest import TODAY


@pytest.mark.slow
def test_what_is_planted_in_the_demo_company_drives_its_wins(
    company: DemoCompany,
) -> None:
    """Beside the stage, which says how far it has come."""
    with few_trees():
        found = win_chance.evaluate(of_demo(company), at=pd.Timestamp(TODAY))

    assert found.why_not is None
    drivers = found.importances[found.importances["theme"] != "stage"]
    assert drivers["theme"].iloc[:2].tolist() == ["source", "next_step"]
    weights = found.coefficients.set_index(["feature", "level"])["coefficient"]
    assert weights["source"].idxmax() == "referral"
    assert weights["planned", ""] > 0
    best = found.scores.iloc[0]
    assert "source=referral" in {f"{one.theme}={one.word}" for one in reasons(best)}
