"""The page of jobs: what came of each has its page."""

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, Job, JobState
from crm.services.admin import users
from tests import make


def kept(kind: str, state: JobState) -> None:
    make.saved(Job(key=kind, kind=kind, title=kind, state=state, owner_id=1))


def links(app: AppTest) -> list[tuple[str, str]]:
    """Page and query of each link “Open”."""
    app.switch_page(str(ROOT / "pages/data/jobs.py")).run()
    assert not app.exception
    found = [one.proto for one in app.get("page_link")]
    return [(one.page, one.query_string) for one in found if one.label == "Open"]


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("churn", ("churn", "")),
        ("lifetime_value", ("lifetime_value", "")),
        ("migration", ("segmentation", "segmentation_view=movement")),
        ("suggestions", ("today", "")),
    ],
)
def test_a_finished_job_opens_what_came_of_it(
    app: AppTest, kind: str, way: tuple[str, str]
) -> None:
    kept(kind, JobState.DONE)

    assert links(app) == [way]


def test_what_has_no_page_or_is_not_done_has_no_link(app: AppTest) -> None:
    kept("upkeep", JobState.DONE)
    kept("churn", JobState.WAITING)

    assert links(app) == []


def test_a_job_is_named_in_the_language_of_who_looks(
    app: AppTest, admin: Actor
) -> None:
    """Its title is stored as whoever asked for it read it: here in English."""
    make.saved(Job(key="churn", kind="churn", title="Churn", owner_id=1))
    with db.transaction(admin) as session:
        users.speak(session, "zh_CN")

    app.switch_page(str(ROOT / "pages/data/jobs.py")).run()

    assert "**客户流失**" in [one.value for one in app.markdown]
