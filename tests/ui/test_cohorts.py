"""The page of cohorts without a browser: ask, look, compare, see who it is."""

from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.cohorts.cohorts import Question, retention
from crm.jobs.cohorts import made
from crm.jobs.run import run_here
from crm.models import (
    SYSTEM,
    Actor,
    Analysis,
    Customer,
    Job,
    Segment,
    SegmentMember,
    utcnow,
)
from crm.services import analyses
from crm.ui import charts
from crm.ui.charts import Picked
from crm.ui.insight.cohorts import heat_figure
from crm.ui.insight.cohorts.view import View
from crm.warehouse.cohorts import Cohorts
from tests import make
from tests.analytics.cohort_house import AS_OF, FEW, followed, orders, people
from tests.demo.conftest import TODAY
from tests.ui import reading
from tests.ui.conftest import signed_in
from tests.ui.reading import said

PAGE = "pages/insight/cohorts.py"
EACH = 40  # customers

opened = partial(reading.opened, page=PAGE)


@pytest.fixture(scope="module")
def three() -> Cohorts:
    """January, February, March; those of March and from the fair come back less."""
    random = np.random.default_rng(5)
    rows = []
    for n, chance in enumerate((0.7, 0.7, 0.1)):
        month = f"2025-0{n + 1}"
        rows += people(1 + n * EACH, EACH, month, [chance] * (12 - n), random)
    day = date(2026, 1, 15)
    source = {n: "fair" if n > 2 * EACH else "web" for n in range(1, 3 * EACH + 1)}
    return followed(orders(rows), day, source=source)


def kept(actor: Actor, found: Cohorts, day: date = date(2026, 1, 15)) -> int:
    """The id of `found`, stored, its customers being there as C1 and so on."""
    with db.transaction(SYSTEM) as session:
        count = int(found.customers["customer_id"].max())
        session.add_all([Customer(name=f"C{n}") for n in range(1, count + 1)])
    result = made(found, day)
    with db.transaction(actor) as session:
        shown = Analysis(
            kind="cohorts", as_of=day, data_at=utcnow(), summary=result.summary
        )
        return analyses.store(session, shown, result.tables)


def clicked(monkeypatch: pytest.MonkeyPatch, row: int, period: int) -> None:
    """As if the user had clicked that cell in every run."""
    identity = (row + 1) * heat_figure.PERIODS + period
    monkeypatch.setattr(charts, "pick", lambda *_a, **_k: Picked(ids=[identity]))


def test_the_empty_page_says_what_to_do_next(app: AppTest) -> None:
    assert "press “Compute”" in said(opened(app))


def test_compute_asks_for_cohorts(app: AppTest, admin: Actor) -> None:
    opened(app).button(key="cohorts_compute").click().run()

    with db.reading(admin) as session:
        assert session.scalars(select(Job)).one().kind == "cohorts"


@pytest.mark.slow
def test_the_conclusion_comes_first(app: AppTest, admin: Actor, three: Cohorts) -> None:
    kept(admin, three)
    opened(app)

    average = retention(three.cells, Question(date(2026, 1, 15))).average
    share = average.set_index("period").loc[3, "value"]
    assert app.subheader[0].value == (
        f"{100 * share:.0f}% of the customers order 3 months after the first order"
    ).replace("%", "\\%")
    assert [one.label for one in app.metric] == [
        "After 1 month", "After 3 months", "After 6 months",
    ]  # fmt: skip


@pytest.mark.slow
def test_the_newest_cohort_is_told_to_be_worse_than_the_others(
    app: AppTest, admin: Actor, three: Cohorts
) -> None:
    kept(admin, three)

    told = said(opened(app))

    assert (
        "“2025-03” is below “all the others”, by more than chance, after 1, 2" in told
    )
    assert "1 month after the first order, 2025-03: " in told
    assert " points less (95% interval of the difference −" in told


@pytest.mark.slow
def test_alike_cohorts_are_told_to_be_alike(
    app: AppTest, admin: Actor, three: Cohorts
) -> None:
    kept(admin, three)
    opened(app)

    app.selectbox[0].select_index(0)
    app.selectbox[1].select_index(2)
    app.run()

    assert "“2025-01” and “2025-02” do not differ by more than chance" in said(app)


@pytest.mark.slow
def test_the_same_cohort_twice_is_no_comparison(
    app: AppTest, admin: Actor, three: Cohorts
) -> None:
    kept(admin, three)
    opened(app).selectbox[1].select_index(3).run()

    assert "Choose two different ones." in said(app)


@pytest.mark.slow
@pytest.mark.parametrize("measure", ["customers", "revenue", "orders"])
@pytest.mark.parametrize("by", ["all", "source", "sector", "country", "kind"])
@pytest.mark.parametrize("unit", ["month", "quarter"])
def test_every_choice_has_an_answer(
    app: AppTest, admin: Actor, three: Cohorts, measure: str, by: str, unit: str
) -> None:
    kept(admin, three)

    opened(app, cohorts_measure=measure, cohorts_by=by, cohorts_unit=unit)

    assert "nan" not in said(app).lower()
    assert len(app.metric) > 1


@pytest.mark.slow
def test_a_group_is_compared_by_its_name(
    app: AppTest, admin: Actor, three: Cohorts
) -> None:
    kept(admin, three)

    told = said(opened(app, cohorts_by="source"))

    assert "“web” is above “all the others”, by more than chance" in told


@pytest.mark.slow
def test_a_click_shows_who_did_not_come_back(
    app: AppTest, admin: Actor, three: Cohorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(admin, three)
    clicked(monkeypatch, 2025 * 12 + 2, 1)

    opened(app)

    cells = retention(three.cells, Question(date(2026, 1, 15))).row(2025 * 12 + 2)
    left = int(EACH - cells["active"].iloc[1])
    assert "2025-03: 1 month after the first order" in said(app)
    assert len(app.dataframe[0].value) == left > 20
    assert set(app.dataframe[0].value["cohort"]) == {"2025-03"}


@pytest.mark.slow
def test_those_become_a_segment(
    app: AppTest, admin: Actor, three: Cohorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(admin, three)
    clicked(monkeypatch, 2025 * 12 + 2, 1)
    opened(app)
    shown = len(app.dataframe[0].value)

    app.button(key="cohorts_segment_save").click().run()

    with db.reading(SYSTEM) as session:
        segment = session.scalars(select(Segment)).one()
        members = session.scalars(select(SegmentMember.customer_id)).all()
    assert segment.name == (
        "Cohort 2025-03: 1 month after the first order, did not order"
    )
    assert len(members) == shown


@pytest.mark.slow
def test_the_number_of_a_row_opens_all_its_customers(
    app: AppTest, admin: Actor, three: Cohorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(admin, three)
    clicked(monkeypatch, 2025 * 12, 0)

    opened(app)

    assert len(app.dataframe[0].value) == EACH


def view(found: Cohorts, day: date, **asked: Any) -> View:
    shown = Analysis(id=1, kind="cohorts", as_of=day, summary={})
    question = Question(day, **asked)
    return View(shown, retention(found.cells, question), found.groups)


def test_small_cells_are_grey_and_running_ones_hatched(database: str) -> None:
    few = view(followed(orders(FEW)), AS_OF)

    sure, grey, hatched, sizes = heat_figure.figure(few, 12).data

    assert (len(sure.x), len(grey.x), len(hatched.x)) == (0, 5, 3)
    assert set(hatched.text) == {"…"}
    assert list(sizes.text) == ["4", "2", "1", "1"]


def test_a_cell_tells_its_interval(database: str, three: Cohorts) -> None:
    sure = heat_figure.figure(view(three, date(2026, 1, 15)), 12).data[0]

    _identity, name, later, value, counts = sure.customdata[0]
    assert (name, later) == ("All", "1 month after the first order")
    assert "% (95% interval " in value
    assert counts.endswith(" of 120 ordered")


def test_names_that_users_typed_are_no_markup(database: str) -> None:
    source = {1: "<b>bold</b>", 2: "&lt;", 3: "<b>bold</b>"}
    found = followed(orders(FEW), source=source)

    figure = heat_figure.figure(view(found, AS_OF, grouping="source"), 12)

    names = figure.layout.yaxis.ticktext
    assert "&lt;b&gt;bold&lt;/b&gt;" in names
    assert "&amp;lt;" in names


@pytest.mark.parametrize(
    "rows",
    [
        [(1, "2026-01-05", "sale", 10)],
        [(n, "2026-01-05", "sale", 10) for n in range(1, 60)],
        [(1, "2026-01-05", "sale", -10), (1, "2026-02-05", "sale", -20)],
        [(n, "2026-01-05", "sale", 0) for n in range(1, 60)],
    ],
    ids=["one customer", "all on one day", "negative totals", "nothing paid"],
)
@pytest.mark.parametrize("measure", ["customers", "revenue"])
@pytest.mark.slow
def test_odd_data_is_shown_without_a_fault(
    app: AppTest, admin: Actor, rows: list[Any], measure: str
) -> None:
    kept(admin, followed(orders(rows)), AS_OF)

    told = said(opened(app, cohorts_measure=measure))

    assert "nan" not in told.lower()


@pytest.mark.slow
def test_who_sees_only_some_customers_does_not_see_this_result(
    admin: Actor, alice: Actor, three: Cohorts
) -> None:
    kept(admin, three)

    assert "Nothing has been computed yet." in said(opened(signed_in(alice).run()))


@pytest.mark.slow
def test_the_demo_company_has_its_cohorts(demo_app: AppTest) -> None:
    ada = make.actor("Ada", role="admin")
    with db.transaction(ada) as session:
        job = analyses.ask(session, "cohorts", "Cohorts", {}, as_of=TODAY)
    run_here(job.id)

    app = opened(demo_app.run(), cohorts_unit="quarter")

    told = said(app)
    assert "“2025 Q3” is below “all the others”, by more than chance" in told
    assert "Only new customers" in [one.label for one in app.toggle]


def test_a_single_curve_is_told_in_the_singular(app: AppTest, admin: Actor) -> None:
    random = np.random.default_rng(5)
    one = people(1, EACH, "2025-01", [0.5] * 12, random)
    kept(admin, followed(orders(one), date(2026, 1, 15)))

    told = said(opened(app))

    assert "The newest cohort with enough customers, and all together." in told
