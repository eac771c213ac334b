"""The page of segmentation: methods, custom fields, models that are kept."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from crm import db
from crm.analytics.segmentation import frozen
from crm.jobs.segmentation import made
from crm.models import Actor, Analysis, CustomKind, Job
from crm.services import kept_models
from crm.services.admin import custom_fields
from crm.services.analyses import Made
from tests.analytics.customers import buyers, groups
from tests.ui.conftest import signed_in
from tests.ui.test_segmentation import DAY, at, kept, six, told

STAFF = "Staff *with* a [link](x)"


@pytest.fixture(scope="module")
def clustered() -> Made:
    """Four groups far apart, by a custom field too that three have no value in."""
    table, truth = groups([30, 20, 30, 20])
    staff = 10.0 + 100 * truth
    staff[:3] = float("nan")
    return made(
        table.assign(x_staff=staff),
        ["frequency", "monetary", "x_staff"],
        labels={"x_staff": STAFF},
        resamples=2,
    )


def at_clusters(app: AppTest, **session: object) -> AppTest:
    return at(app, segmentation_view="clusters", **session)


@pytest.mark.slow
def test_custom_fields_of_numbers_can_be_clustered_by(
    app: AppTest, admin: Actor
) -> None:
    with db.transaction(admin) as session:
        custom_fields.add(session, "customer", "Staff", CustomKind.NUMBER)
        custom_fields.add(session, "customer", "Nickname", CustomKind.TEXT)
    at(app)
    field = app.multiselect(key="segmentation_features")
    assert "Staff" in field.options
    assert "Nickname" not in field.options

    field.set_value(["recency", "x_staff"]).run()
    app.button(key="segmentation_compute").click().run()

    with db.reading(admin) as session:
        job = session.scalars(select(Job)).one()
    assert job.arguments["parameters"] == {"features": ["recency", "x_staff"]}


@pytest.mark.slow
def test_figures_of_all_numbers_stand_side_by_side(
    app: AppTest, admin: Actor, clustered: Made
) -> None:
    kept(admin, clustered)

    at_clusters(app)

    table = next(one.value for one in app.dataframe if "gap" in one.value)
    assert table["k"].tolist() == [2, 3, 4, 5, 6, 7, 8]
    assert {"silhouette", "stability", "stability_min", "smallest", "bic"} <= {*table}
    assert "By the rule of the gap statistic" in told(app)


@pytest.mark.slow
def test_a_mixture_is_shown_by_the_same_number(
    app: AppTest, admin: Actor, clustered: Made
) -> None:
    kept(admin, clustered)

    at_clusters(app, clusters_method="mixture", clusters_k=4)

    assert not app.exception
    assert "full covariances" in told(app)
    assert told(app).count("30 customers · 30%") == 2


@pytest.mark.slow
def test_hdbscan_needs_no_number_and_tells_its_limit(
    app: AppTest, admin: Actor, clustered: Made
) -> None:
    kept(admin, clustered)

    at_clusters(app, clusters_method="crowds")

    assert not app.exception
    assert "HDBSCAN finds" in told(app)
    assert "20,000" in told(app)
    assert not [one for one in app.button if str(one.key).endswith("_keep")]


@pytest.mark.slow
def test_those_in_no_cluster_can_be_looked_at(app: AppTest, admin: Actor) -> None:
    table, _truth = groups([30, 30])
    table.loc[0, ["frequency", "monetary"]] = [9000, 90_000]
    kept(admin, made(table, ["frequency", "monetary"], resamples=2))
    at_clusters(app, clusters_method="crowds")
    assert "In no cluster" in told(app)

    app.button(key="cluster_0_show").click().run()

    assert not app.exception
    assert "customers · " in told(app) or "customer · " in told(app)


@pytest.mark.slow
def test_what_was_logged_and_scaled_is_told(
    app: AppTest, admin: Actor, clustered: Made
) -> None:
    kept(admin, clustered)

    at_clusters(app, clusters_k=3)

    scales = clustered.summary["models"]["kmeans 3"]["scales"]
    logged = [scale for scale in scales if scale["log"]]
    assert told(app).count(": logarithm; its mean") == len(logged) > 0
    assert told(app).count(": as it is; mean") == len(scales) - len(logged)


@pytest.mark.slow
def test_a_label_of_a_custom_field_is_text(
    app: AppTest, admin: Actor, clustered: Made
) -> None:
    kept(admin, clustered)

    at_clusters(app, clusters_k=3)

    assert f"{STAFF}: as it is" in told(app)
    raw = "\n".join(one.value for one in [*app.markdown, *app.caption])
    assert STAFF not in raw  # all of its marks are escaped
    assert "“Staff *with* a [link](x)” is empty for some customers: 3" in told(app)


@pytest.mark.slow
def test_a_model_is_kept_under_a_name(
    app: AppTest, admin: Actor, clustered: Made
) -> None:
    kept(admin, clustered)
    at_clusters(app, clusters_k=4)
    app.text_input(key="clusters_kmeans 4_keep_name").set_value("Spring").run()

    app.button(key="clusters_kmeans 4_keep").click().run()

    with db.reading(admin) as session:
        (model,) = kept_models.listed(session)
    assert model.title == "Spring"
    restored = frozen.restored(model.parameters["model"])
    assert restored == frozen.restored(clustered.summary["models"]["kmeans 4"])


@pytest.mark.slow
def test_cut_points_of_rfm_are_kept_too(app: AppTest, admin: Actor) -> None:
    kept(admin, six())
    at(app, rfm_scores=3)

    next(one for one in app.button if str(one.key).endswith("_keep")).click().run()

    with db.reading(admin) as session:
        (model,) = kept_models.listed(session)
    assert model.parameters["model"]["cuts"]["recency"] == [30, 95]


@pytest.mark.slow
def test_who_may_only_look_keeps_no_model(
    viewer: Actor, admin: Actor, clustered: Made
) -> None:
    kept(admin, clustered)

    app = at_clusters(signed_in(viewer).run(), clusters_k=4)

    assert not [one for one in app.button if str(one.key).endswith("_keep")]


def test_a_result_of_an_earlier_version_says_to_compute_again(
    app: AppTest, admin: Actor
) -> None:
    shown = Analysis(kind="segmentation", as_of=DAY)
    kept(admin, Made(shown.summary, {"buyers": buyers(6)}))

    at_clusters(app)

    assert not app.exception
    assert "Compute it again" in told(app)
