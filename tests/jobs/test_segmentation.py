"""A segmentation from the orders to the stored result."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pytest

from crm import db
from crm.analytics.segmentation import frozen
from crm.errors import Invalid, NotEnoughData
from crm.jobs import run_here
from crm.jobs.segmentation import made
from crm.models import Actor, Analysis, CustomKind, Job, JobState
from crm.services import analyses, jobs
from crm.services.admin import custom_fields
from crm.services.analyses import Made
from tests import make
from tests.analytics.customers import buyers, groups

DAY = date(2026, 3, 31)
BY = ["recency", "frequency", "monetary"]


@pytest.fixture(scope="module")
def kept() -> Made:
    """Of four groups of customers, far apart: 30, 20, 30 and 20."""
    return made(groups([30, 20, 30, 20])[0], BY, resamples=2)


def bought(owner: Actor, *days: int, price: str = "10") -> int:
    """A customer of `owner` with a sale on each of these days of March; its id."""
    product = make.product()
    customer = make.customer(owner)
    for day in days:
        at = datetime(2026, 3, day, 12, tzinfo=UTC)
        make.order(customer, (product, 1, price), ordered_at=at)
    return customer.id


def computed(actor: Actor, features: list[str] = BY) -> Job:
    with db.transaction(actor) as session:
        asked = analyses.ask(
            session, "segmentation", "S", {"features": features}, as_of=DAY
        )
    run_here(asked.id)
    with db.reading(actor) as session:
        return jobs.job(session, asked.id)


def result(actor: Actor) -> Analysis:
    with db.reading(actor) as session:
        found = analyses.latest(session, "segmentation")
    assert found is not None
    return found


@pytest.mark.slow
def test_from_orders_to_a_stored_result(admin: Actor) -> None:
    often = bought(admin, 1, 11, 30, price="20")
    for day in (2, 5, 9, 14, 20):
        bought(admin, day)

    job = computed(admin)

    assert (job.state, job.error) == (JobState.DONE, None)
    shown = result(admin)
    with db.reading(admin) as session:
        table = analyses.table(session, shown.id, "buyers").set_index("customer_id")
    assert job.result == {"analysis_id": shown.id}
    assert (shown.summary["customers"], shown.as_of) == (6, DAY)
    row = table.loc[often, ["recency", "tenure", "frequency", "monetary", "revenue"]]
    assert row.tolist() == [1, 30, 3, 20, 60]


@pytest.mark.slow
def test_a_custom_field_is_read_beside_the_orders(admin: Actor) -> None:
    with db.transaction(admin) as session:
        custom_fields.add(session, "customer", "Staff", CustomKind.NUMBER)
    ids = [bought(admin, day) for day in (2, 5, 9, 14, 20, 28)]
    for staff, customer_id in enumerate(ids):
        with db.transaction(admin) as session:
            custom_fields.store(session, "customer", customer_id, {"x_staff": staff})

    job = computed(admin, ["recency", "x_staff"])

    assert (job.state, job.error) == (JobState.DONE, None)
    shown = result(admin)
    with db.reading(admin) as session:
        table = analyses.table(session, shown.id, "buyers").set_index("customer_id")
    assert table.loc[ids, "x_staff"].tolist() == [0, 1, 2, 3, 4, 5]
    assert shown.summary["labels"] == {"x_staff": "Staff"}


def test_too_few_customers_are_refused_in_words(admin: Actor) -> None:
    for day in (1, 2, 3):
        bought(admin, day)

    job = computed(admin)

    assert job.state is JobState.FAILED
    assert "at least 5; there are 3" in (job.error or "")


@pytest.mark.slow
def test_a_seller_has_the_own_customers_segmented(admin: Actor, alice: Actor) -> None:
    for day in (1, 5, 9, 14, 20, 30):
        bought(admin, day)
        bought(alice, day)

    computed(alice)

    assert result(alice).summary["customers"] == 6
    with db.reading(admin) as session:
        assert analyses.latest(session, "segmentation") is None


@pytest.mark.slow
def test_every_number_of_clusters_is_kept(kept: Made) -> None:
    labels = kept.tables["clusters"]

    assert list(kept.tables["choice"]["k"]) == [2, 3, 4, 5, 6, 7, 8]
    assert labels.columns.tolist() == [
        *("customer_id", "x", "y"),
        *(f"kmeans {k}" for k in range(2, 9)),
        *(f"mixture {k}" for k in range(2, 9)),
        "crowds",
    ]


def test_groups_far_apart_are_the_clusters_the_richest_first(kept: Made) -> None:
    labels = kept.tables["clusters"]["kmeans 4"].to_numpy()

    parts = [set(part) for part in np.split(labels, [30, 50, 80])]
    assert all(len(part) == 1 for part in parts)
    assert set.union(*parts) == {1, 2, 3, 4}
    assert parts[0] == {1}


def test_the_profiles_of_a_number_add_up(kept: Made) -> None:
    profiles = kept.tables["profiles"]

    four = profiles[profiles["division"] == "kmeans 4"]
    assert sorted(four["customers"]) == [20, 20, 30, 30]
    assert four["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize("division", ["kmeans 3", "mixture 4"])
def test_the_frozen_model_assigns_everybody_to_the_same_cluster(
    kept: Made, division: str
) -> None:
    plain = json.loads(json.dumps(kept.summary["models"][division], allow_nan=False))
    model = frozen.restored(plain)

    again = frozen.assign(model, groups([30, 20, 30, 20])[0])
    assert frozen.features(model) == BY
    np.testing.assert_array_equal(again, kept.tables["clusters"][division])


def test_customers_alike_have_their_rfm_and_the_reason_for_no_clusters() -> None:
    kept = made(buyers(10), BY)

    assert "alike" in kept.summary["refused"]
    assert list(kept.tables) == ["buyers"]
    assert len(kept.tables["buyers"]) == 10


@pytest.mark.slow
def test_fewer_kinds_of_customers_offer_fewer_clusters() -> None:
    table = buyers(9, frequency=[1, 2, 3] * 3, monetary=[10, 20, 30] * 3)

    kept = made(table, ["frequency", "monetary"], resamples=2)

    assert sorted(kept.summary["models"]) == [
        *("kmeans 2", "kmeans 3", "mixture 2", "mixture 3"),
    ]


@pytest.mark.slow
def test_progress_comes_to_its_end() -> None:
    told: list[float] = []

    made(groups([10, 10])[0], BY, resamples=2, on_progress=told.append)

    assert told == sorted(told)
    assert told[-1] == 1


def test_an_unknown_feature_is_refused() -> None:
    with pytest.raises(Invalid, match="shoe size"):
        made(buyers(10), ["shoe size"])


def test_nobody_at_all_is_refused() -> None:
    with pytest.raises(NotEnoughData):
        made(buyers(0), BY)


def test_one_customer_is_refused() -> None:
    with pytest.raises(NotEnoughData, match="at least 5; there are 1"):
        made(buyers(1), BY)


@pytest.mark.slow
def test_five_customers_are_the_fewest_that_are_clustered() -> None:
    table = buyers(5, recency=[1, 2, 50, 60, 90], monetary=[1, 2, 300, 400, 900])

    kept = made(table, ["recency", "monetary"], resamples=2)

    assert sorted(kept.summary["models"]) == [
        *("kmeans 2", "kmeans 3", "kmeans 4"),
        *("mixture 2", "mixture 3", "mixture 4"),
    ]
    assert kept.summary["crowds"]["count"] <= 1


@pytest.mark.slow
def test_negative_totals_and_days_to_come_are_clustered_like_others() -> None:
    random = np.random.default_rng(0)
    table = buyers(
        60, recency=random.integers(-5, 300, 60), revenue=random.normal(-50, 99, 60)
    )

    kept = made(table, ["recency", "revenue"], resamples=2)

    for name in ("choice", "mixtures", "profiles", "centres"):
        numbers = kept.tables[name].select_dtypes("number")
        assert np.isfinite(numbers.to_numpy()).all(), name


@pytest.mark.slow
def test_a_constant_feature_is_left_out_of_every_model() -> None:
    table = groups([20, 20])[0].assign(returned=0.5)

    kept = made(table, ["frequency", "returned"], resamples=2)

    for model in kept.summary["models"].values():
        assert [scale["feature"] for scale in model["scales"]] == ["frequency"]
    texts = [note["text"] for note in kept.summary["notes"]]
    assert sum("same for all customers" in text for text in texts) == 1


@pytest.mark.slow
def test_custom_fields_are_among_the_features() -> None:
    table, truth = groups([30, 30])

    kept = made(
        table.assign(x_staff=10.0 + truth),
        ["x_staff", "recency"],
        labels={"x_staff": "Staff"},
        resamples=2,
    )

    assert kept.summary["labels"] == {"x_staff": "Staff"}
    assert kept.tables["buyers"]["x_staff"].tolist() == (10 + truth).tolist()
    assert "x_staff" in set(kept.tables["traits"]["feature"])


@pytest.mark.slow
def test_a_custom_field_that_is_empty_for_everybody_is_left_out_by_its_label() -> None:
    table = groups([20, 20])[0].assign(x_staff=np.nan)

    kept = made(table, [*BY, "x_staff"], labels={"x_staff": "Staff"}, resamples=2)

    named = [note["values"].get("feature") for note in kept.summary["notes"]]
    assert "Staff" in named


@pytest.mark.slow
def test_a_custom_field_that_some_have_counts_by_the_middle_value() -> None:
    table, truth = groups([20, 20])
    staff = 10.0 + 90 * truth
    staff[:4] = np.nan

    kept = made(table.assign(x_staff=staff), ["x_staff", "recency"], resamples=2)

    (scale,) = (
        scale
        for scale in kept.summary["models"]["kmeans 2"]["scales"]
        if scale["feature"] == "x_staff"
    )
    assert scale["fill"] == 100  # 16 have 10, 20 have 100
