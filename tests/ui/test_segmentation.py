"""The page of segmentation: cut points, who is in a segment, clusters."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.jobs.segmentation import made
from crm.models import (
    SYSTEM,
    Actor,
    Analysis,
    Customer,
    Job,
    JobState,
    Segment,
    SegmentMember,
    utcnow,
)
from crm.services import analyses
from crm.services.analyses import Made
from tests import make
from tests.analytics.customers import buyers, groups
from tests.ui.conftest import signed_in

DAY = date(2026, 3, 31)
CUTS = {"recency": (30, 90), "frequency": (2, 5), "monetarymean": (50, 200)}


def six(*ids: int) -> Made:
    """Six customers, each of another segment by `CUTS`; there is only their RFM."""
    table = buyers(
        6,
        customer_id=ids or range(1, 7),
        recency=[5, 5, 40, 40, 200, 200],
        frequency=[9, 1, 3, 1, 6, 1],
        monetary=[100, 40, 300, 100, 50, 20],
        revenue=[900, 40, 900, 100, 300, 20],
    )
    found = made(table.head(5).assign(frequency=1, recency=1, monetary=1), ["recency"])
    return Made(found.summary | {"customers": 6}, {"buyers": table})


@pytest.fixture(scope="module")
def clustered() -> Made:
    """Four groups far apart, with all their clusters."""
    return made(groups([30, 20, 30, 20])[0], ["frequency", "monetary"], resamples=2)


def kept(actor: Actor, found: Made) -> int:
    """The id of `found`, stored for `actor`."""
    with db.transaction(actor) as session:
        shown = Analysis(
            kind="segmentation", as_of=DAY, data_at=utcnow(), summary=found.summary
        )
        return analyses.store(session, shown, found.tables)


def at(app: AppTest, **session: Any) -> AppTest:
    for name, value in session.items():
        app.session_state[name] = value
    return app.switch_page(str(ROOT / "pages/insight/segmentation.py")).run()


def cut(app: AppTest, cuts: dict[str, tuple[int, ...]]) -> AppTest:
    for measure, points in cuts.items():
        for position, point in enumerate(points):
            field = app.number_input(key=f"rfm_{measure}_3_{position}")
            field.set_value(float(point))
    return app.run()


def told(app: AppTest) -> str:
    """All that the page says in running text, as it is read."""
    texts = [*app.markdown, *app.caption, *app.info, *app.error]
    return "\n".join(one.value.replace("\\", "") for one in texts)


def segments_of(app: AppTest) -> dict[str, int]:
    table = next(one.value for one in app.dataframe if "segment" in one.value)
    return dict(zip(table["segment"], table["customers"], strict=True))


def first_of(app: AppTest) -> pd.DataFrame:
    return next(one.value for one in app.dataframe if "name" in one.value)


def test_an_empty_database_says_what_to_do(app: AppTest) -> None:
    at(app)

    assert "press “Compute”" in told(app)


def test_compute_asks_for_the_features_that_were_chosen(
    app: AppTest, admin: Actor
) -> None:
    at(app)
    app.multiselect(key="segmentation_features").set_value(["gap", "revenue"]).run()

    app.button(key="segmentation_compute").click().run()

    with db.reading(admin) as session:
        job = session.scalars(select(Job)).one()
    assert job.arguments["parameters"] == {"features": ["gap", "revenue"]}


@pytest.mark.slow
def test_the_new_result_is_shown_when_it_is_there(app: AppTest, admin: Actor) -> None:
    kept(admin, six())
    at(app)
    assert "6 customers with orders" in told(app)
    app.button(key="segmentation_compute").click().run()

    with db.transaction(SYSTEM) as session:
        session.scalars(select(Job)).one().state = JobState.DONE
    newer = six().tables["buyers"].head(5)
    kept(admin, Made(six().summary, {"buyers": newer}))
    app.run()

    assert "5 customers with orders" in told(app)


@pytest.mark.slow
def test_cut_points_give_the_segments_at_once(app: AppTest, admin: Actor) -> None:
    kept(admin, six())
    at(app, rfm_scores=3)

    cut(app, CUTS)

    assert segments_of(app) == {
        "champions": 1, "new": 1, "need attention": 1, "about to sleep": 1,
        "can't lose them": 1, "lost": 1,
    }  # fmt: skip

    cut(app, {"recency": (30, 300)})  # those of 200 days are now as those of 40

    assert segments_of(app) == {
        "champions": 1, "loyal": 1, "new": 1, "need attention": 1, "about to sleep": 2,
    }  # fmt: skip


@pytest.mark.slow
def test_the_conclusion_names_who_brings_in_the_most(
    app: AppTest, admin: Actor
) -> None:
    kept(admin, six())
    at(app, rfm_scores=3)

    cut(app, CUTS | {"recency": (50, 90), "frequency": (2, 3)})

    # the champions are two of six, with 1,800 of 2,260
    sentence = "“champions” bring in the most: 80% of the revenue, from 33%"
    assert sentence in told(app)


@pytest.mark.slow
def test_reset_goes_back_to_the_quantiles(app: AppTest, admin: Actor) -> None:
    kept(admin, six())
    at(app, rfm_scores=3)
    cut(app, {"recency": (1, 2)})

    app.button(key="rfm_reset").click().run()

    # a third and two thirds of the way: 5 + 2/3 × 35 and 40 + 1/3 × 160, plus 1, and
    # up to whole days
    fields = [app.number_input(key=f"rfm_recency_3_{n}").value for n in (0, 1)]
    assert fields == [30, 95]


@pytest.mark.slow
def test_own_cut_points_survive_a_look_at_the_clusters(
    app: AppTest, admin: Actor
) -> None:
    kept(admin, six())
    at(app, rfm_scores=3)
    cut(app, CUTS)

    app.session_state["segmentation_view"] = "clusters"
    app.run()
    app.session_state["segmentation_view"] = "rfm"
    app.run()

    assert app.number_input(key="rfm_recency_3_0").value == 30


@pytest.mark.slow
def test_cut_points_in_the_wrong_order_are_refused_in_words(
    app: AppTest, admin: Actor
) -> None:
    kept(admin, six())
    at(app, rfm_scores=3)

    cut(app, {"recency": (90, 30)})

    assert "must ascend, but 30 comes after 90" in told(app)


def test_money_can_be_the_total(app: AppTest, admin: Actor) -> None:
    kept(admin, six())

    at(app, rfm_scores=3, rfm_money="total")

    points = [app.number_input(key=f"rfm_monetarytotal_3_{n}").value for n in (0, 1)]
    # revenue in order: 20, 40, 100, 300, 900, 900; 40 + 2/3 × 60, 300 + 1/3 × 600
    assert points == pytest.approx([81, 501])


@pytest.mark.slow
def test_the_customers_of_a_segment_can_be_saved_and_the_saving_undone(
    app: AppTest, admin: Actor
) -> None:
    ids = [make.customer(name=f"*{n}*").id for n in range(6)]
    analysis_id = kept(admin, six(*ids))
    at(app, rfm_scores=3)
    cut(app, CUTS | {"recency": (50, 90)})
    app.session_state["rfm_picked"] = ("table", "champions")
    app.run()
    assert first_of(app)["name"].tolist() == ["*0*"]

    app.button(key="rfm_save").click().run()

    with db.reading(admin) as session:
        segment = session.scalars(select(Segment)).one()
        members = session.scalars(select(SegmentMember.customer_id)).all()
    assert (segment.name, segment.analysis_id) == (
        "champions, Mar 31, 2026",
        analysis_id,
    )
    assert "R 50 / 90 · F 2 / 5 · M 50 / 200" in (segment.description or "")
    assert members == [ids[0]]

    app.button(key="undo_button").click().run()

    with db.reading(admin) as session:
        assert session.scalars(select(Segment)).all() == []
    assert app.button(key="rfm_save")


@pytest.mark.slow
def test_a_segment_without_a_name_is_refused_in_words(
    app: AppTest, admin: Actor
) -> None:
    kept(admin, six(*(make.customer().id for _n in range(6))))
    at(app, rfm_scores=3, rfm_picked=("table", "champions"))
    next(
        field for field in app.text_input if str(field.key).startswith("rfm_name")
    ).set_value(" ").run()

    app.button(key="rfm_save").click().run()

    assert "needs a name" in told(app)


@pytest.mark.slow
def test_names_out_of_reach_are_not_shown(alice: Actor, charlie: Actor) -> None:
    mine, gone = make.customer(alice, name="Mine"), make.customer(alice, name="Gone")
    rest = [make.customer(alice).id for _n in range(4)]
    kept(alice, six(mine.id, gone.id, *rest))
    with db.transaction(make.actor("Root", role="admin")) as session:
        db.get(session, Customer, gone.id).owner_id = charlie.user_id
    app = at(signed_in(alice).run(), rfm_scores=3, rfm_picked=("table", (3, 1, None)))

    cut(app, CUTS)

    assert "None of them is in your reach" in told(app)
    assert "Gone" not in told(app)


@pytest.mark.slow
def test_who_may_only_look_has_no_buttons_to_save(viewer: Actor, admin: Actor) -> None:
    kept(admin, six(*(make.customer().id for _n in range(6))))

    app = at(signed_in(viewer).run(), rfm_picked=("table", "champions"))

    keys = {str(button.key) for button in app.button}
    assert not keys & {"rfm_save", "rfm_all", "segmentation_compute"}


@pytest.mark.slow
def test_no_number_of_clusters_is_chosen_for_the_user(
    app: AppTest, admin: Actor, clustered: Made
) -> None:
    kept(admin, clustered)

    at(app, segmentation_view="clusters")

    assert app.get_by_key("clusters_k").value is None
    assert "Suggestion: 4 clusters" in told(app)
    assert not [one for one in app.button if str(one.key).startswith("cluster_")]


@pytest.mark.slow
def test_a_number_of_clusters_shows_them_in_words(
    app: AppTest, admin: Actor, clustered: Made
) -> None:
    kept(admin, clustered)
    at(app, segmentation_view="clusters")

    app.get_by_key("clusters_k").set_value(4).run()

    assert not app.exception
    assert "Cluster 1 brings in the most" in told(app)
    assert told(app).count("30 customers · 30%") == 2
    assert "× as much per order (€" in told(app)


@pytest.mark.slow
def test_the_customers_of_a_cluster_are_shown(
    app: AppTest, admin: Actor, clustered: Made
) -> None:
    for number in range(1, 101):
        make.customer(id=number)
    kept(admin, clustered)
    at(app, segmentation_view="clusters", clusters_k=4)

    app.button(key="cluster_1_show").click().run()

    assert "30 customers · 30.0% of all" in told(app)
    assert len(first_of(app)) == 10


def test_why_there_are_no_clusters_is_told(app: AppTest, admin: Actor) -> None:
    kept(admin, six())

    at(app, segmentation_view="clusters")

    assert "alike in the chosen features" in told(app)
