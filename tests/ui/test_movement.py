"""The page of segmentation: who moved between two days."""

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.segmentation import frozen
from crm.analytics.segmentation.frozen import RfmModel
from crm.analytics.segmentation.rfm_scores import Cuts
from crm.jobs.migration import made
from crm.models import Actor, Analysis, Job, Segment, SegmentMember, utcnow
from crm.services import analyses, kept_models
from crm.ui.insight.segmentation import movement_chart
from tests import make
from tests.analytics.customers import buyers
from tests.ui.test_segmentation import at, first_of, told

DAY = date(2026, 3, 31)
MODEL = RfmModel(Cuts(recency=(30, 90), frequency=(2, 5), monetary=(50, 200)))
NAMES = ["", *frozen.group_names(MODEL)]
BEST, GONE, NEW = (NAMES.index(n) for n in ("champions", "can't lose them", "new"))


def model(actor: Actor) -> int:
    shown = make.saved(Analysis(kind="segmentation", as_of=DAY))
    with db.transaction(actor) as session:
        plain = frozen.as_json(MODEL)
        return kept_models.keep(session, "*Spring*", shown, plain)


def moved(actor: Actor, *ids: int) -> Analysis:
    """Of four customers one stayed a champion, two fell silent, one is new."""
    before = buyers(3, customer_id=ids[:3], recency=5, frequency=9)
    after = buyers(4, customer_id=ids, recency=[5, 200, 200, 5], frequency=[9, 9, 9, 1])
    found = made(MODEL, before, after)
    shown = Analysis(
        kind="migration",
        parameters={"model": 1, "since": "2025-12-31"},
        as_of=DAY,
        data_at=utcnow(),
        summary=found.summary,
    )
    with db.transaction(actor) as session:
        analyses.store(session, shown, found.tables)
    return shown


def at_movement(app: AppTest, **session: object) -> AppTest:
    return at(app, segmentation_view="movement", **session)


def test_without_a_kept_model_the_page_says_what_to_do(app: AppTest) -> None:
    at_movement(app)

    assert "press “Keep this model”" in told(app)


def test_a_model_and_two_days_are_asked_for(app: AppTest, admin: Actor) -> None:
    model_id = model(admin)
    at_movement(app)
    app.date_input(key="migration_since").set_value(date(2025, 7, 1)).run()

    app.button(key="migration_compute").click().run()

    with db.reading(admin) as session:
        job = session.scalars(select(Job)).one()
    assert job.kind == "migration"
    assert job.arguments["parameters"] == {"model": model_id, "since": "2025-07-01"}


@pytest.mark.slow
def test_who_stayed_and_who_moved_most_is_told(app: AppTest, admin: Actor) -> None:
    model(admin)
    moved(admin, 1, 2, 3, 4)

    at_movement(app)

    assert not app.exception
    assert "33% of the customers of the first day are in the same group" in told(app)
    assert "2, went from “champions” to “can't lose them”" in told(app)


def test_the_table_has_those_who_moved_first(app: AppTest, admin: Actor) -> None:
    model(admin)
    moved(admin, 1, 2, 3, 4)

    at_movement(app)

    table = next(one.value for one in app.dataframe if "move" in one.value)
    assert table["move"].tolist() == [
        "champions → can't lose them",
        "no order yet → new",
        "champions, stayed",
    ]
    assert table["customers"].tolist() == [2, 1, 1]
    assert table["share"].tolist() == pytest.approx([200 / 3, 100, 100 / 3])


@pytest.mark.slow
def test_the_customers_of_a_flow_become_a_segment(app: AppTest, admin: Actor) -> None:
    ids = [make.customer(name=f"*{n}*").id for n in range(4)]
    model(admin)
    moved(admin, *ids)
    at_movement(app, migration_picked=("table", (BEST, GONE)))
    assert sorted(first_of(app)["name"]) == ["*1*", "*2*"]

    app.button(key="migration_save").click().run()

    with db.reading(admin) as session:
        segment = session.scalars(select(Segment)).one()
        members = session.scalars(select(SegmentMember.customer_id)).all()
    assert "champions → can't lose them, from 2025-12-31" in (segment.description or "")
    assert sorted(members) == ids[1:3]


def test_a_model_can_be_deleted_and_that_undone(app: AppTest, admin: Actor) -> None:
    model_id = model(admin)
    at_movement(app)

    app.button(key=f"model_{model_id}_delete").click().run()
    assert "No model is kept yet" in told(app)

    app.button(key="undo_button").click().run()
    assert app.button(key=f"model_{model_id}_delete")


def test_every_flow_has_a_band_from_its_group_to_its_group(admin: Actor) -> None:
    shown = moved(admin, 1, 2, 3, 4)
    with db.reading(admin) as session:
        flows = analyses.table(session, shown.id, "flows")

    *_bands, marks = movement_chart.flows(shown, flows).data

    drawn = [movement_chart.flow(one) for one in marks.customdata]
    assert sorted(drawn) == sorted([(BEST, BEST), (BEST, GONE), (0, NEW)])


def test_the_width_of_a_band_is_its_customers(admin: Actor) -> None:
    shown = moved(admin, 1, 2, 3, 4)
    with db.reading(admin) as session:
        flows = analyses.table(session, shown.id, "flows")

    first = movement_chart.flows(shown, flows).data[0]  # of the champions

    ends = len(movement_chart.STEPS)
    top, below = first.y[:ends], first.y[ends : 2 * ends][::-1]
    width = {round(low - high, 9) for high, low in zip(top, below, strict=True)}
    assert width == {1}  # the one who stayed
