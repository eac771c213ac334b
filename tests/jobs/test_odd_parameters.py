"""Whatever a program asks of an analysis, it is told in words what is wrong."""

from typing import Any

import pytest

from crm import db
from crm.jobs import run_here
from crm.models import Actor, Job, utcnow
from crm.services import analysis_kinds
from tests import make

ODD: list[tuple[str, dict[str, Any]]] = [
    ("segmentation", {"features": ["password"]}),
    ("association_rules", {"min_support": 0.0}),
    ("association_rules", {"min_support": -1.0}),
    ("association_rules", {"min_confidence": 2.0}),
    ("association_rules", {"max_items": 1}),
    ("association_rules", {"check": "never"}),
    ("association_rules", {"unit": "planet"}),
    ("association_rules", {"level": "planet"}),
    ("churn", {"horizon": 0}),
    ("churn", {"horizon": -5}),
    ("churn", {"horizon": 10**9}),
    ("churn", {"models": ["oracle"]}),
    ("purchase", {"horizon": 0}),
    ("purchase", {"horizon": 10**9}),
    ("lifetime_value", {"horizon": 0}),
    ("lifetime_value", {"horizon": 10**9}),
    ("lifetime_value", {"annual_rate": -2.0}),
    ("lifetime_value", {"annual_rate": 1e300}),
    ("cohorts", {"segment_id": 999}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "parameters"), ODD)
def test_what_cannot_be_is_refused_in_words(
    admin: Actor, kind: str, parameters: dict[str, Any]
) -> None:
    product, other = make.product(), make.product()
    for _number in range(6):
        make.order(make.customer(admin), (product, 1, "5"), (other, 2, "7"))
    with db.transaction(admin) as session:
        asked = analysis_kinds.ask(session, kind, parameters, as_of=utcnow().date())
    run_here(asked.id)

    with db.reading(admin) as session:
        error = db.get(session, Job, asked.id).error
    assert error
    assert "reference" not in error.lower()
