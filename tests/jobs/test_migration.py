"""Movement between segments, from the orders to the stored result."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crm import db
from crm.analytics.segmentation import frozen
from crm.analytics.segmentation.cluster_model import Model
from crm.analytics.segmentation.features import Scale
from crm.analytics.segmentation.frozen import RfmModel
from crm.analytics.segmentation.rfm_scores import Cuts
from crm.jobs import run_here
from crm.jobs.migration import made
from crm.models import Actor, Analysis, CustomKind, Job, JobState
from crm.services import analyses, jobs, kept_models
from crm.services.admin import custom_fields
from tests import make
from tests.analytics.customers import buyers

DAY = date(2026, 6, 30)
CUTS = Cuts(recency=(30, 90), frequency=(2, 5), monetary=(50, 200))


def bought(*days: str) -> int:
    """A customer with a sale on each of these days; its id."""
    product, customer = make.product(), make.customer()
    for day in days:
        at = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
        make.order(customer, (product, 1, "10"), ordered_at=at)
    return customer.id


def kept(actor: Actor, model: frozen.Frozen) -> int:
    shown = make.saved(Analysis(kind="segmentation", as_of=DAY))
    with db.transaction(actor) as session:
        return kept_models.keep(session, "M", shown, frozen.as_json(model))


def computed(actor: Actor, model_id: int, since: str = "2026-03-31") -> Job:
    parameters: dict[str, Any] = {"model": model_id, "since": since}
    with db.transaction(actor) as session:
        asked = analyses.ask(session, "migration", "M", parameters, as_of=DAY)
    run_here(asked.id)
    with db.reading(actor) as session:
        return jobs.job(session, asked.id)


def moves(actor: Actor) -> dict[int, tuple[str, str]]:
    """What the groups of each customer were called on both days."""
    with db.reading(actor) as session:
        shown = analyses.latest(session, "migration")
        assert shown is not None
        table = analyses.table(session, shown.id, "moves")
    names = ["none", *shown.summary["groups"]]
    return {
        row.customer_id: (names[row.before], names[row.after])
        for row in table.itertuples(index=False)
    }


@pytest.mark.slow
def test_the_same_cut_points_judge_both_days(admin: Actor) -> None:
    gone = bought("2026-01-05", "2026-02-01", "2026-03-20")
    steady = bought("2026-03-10", "2026-06-20")
    fresh = bought("2026-06-25")

    job = computed(admin, kept(admin, RfmModel(CUTS)))

    assert (job.state, job.error) == (JobState.DONE, None)
    assert moves(admin) == {
        gone: ("potential loyal", "at risk"),
        steady: ("new", "potential loyal"),
        fresh: ("none", "new"),
    }


def test_days_in_the_wrong_order_are_refused_in_words(admin: Actor) -> None:
    job = computed(admin, kept(admin, RfmModel(CUTS)), since="2026-06-30")

    assert job.state is JobState.FAILED
    assert "has to lie before" in (job.error or "")


def test_a_model_that_was_deleted_is_refused_in_words(admin: Actor) -> None:
    job = computed(admin, 4711)

    assert job.state is JobState.FAILED
    assert "does not exist" in (job.error or "")


@pytest.mark.slow
def test_nobody_who_has_bought_is_refused_in_words(admin: Actor) -> None:
    job = computed(admin, kept(admin, RfmModel(CUTS)))

    assert job.state is JobState.FAILED
    assert "need customers with orders" in (job.error or "")


@pytest.mark.slow
def test_a_model_with_a_custom_field_reads_it_anew(admin: Actor) -> None:
    with db.transaction(admin) as session:
        custom_fields.add(session, "customer", "Staff", CustomKind.NUMBER)
    small, large = bought("2026-03-10"), bought("2026-03-10")
    for customer_id, staff in ((small, "5"), (large, "500")):
        with db.transaction(admin) as session:
            custom_fields.store(session, "customer", customer_id, {"x_staff": staff})
    scale = Scale("x_staff", log=False, mean=0.0, deviation=1.0)
    model = Model((scale,), ((0.0,), (600.0,)))

    computed(admin, kept(admin, model))

    assert moves(admin) == {small: ("1", "1"), large: ("2", "2")}


def test_everything_kept_is_plain() -> None:
    table = buyers(3, recency=[5, 50, 200])

    found = made(RfmModel(CUTS), table.head(2), table)

    assert found.summary["stayed"] == 1
    assert found.summary["features"] == ["recency", "frequency"]
    assert list(found.tables) == ["buyers", "moves", "flows"]
    assert found.tables["flows"]["customers"].sum() == 3
