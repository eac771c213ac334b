"""/insight: analyses are asked for, followed and read, within reach."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from crm import db
from crm.models import Actor, Analysis, Job, JobState
from crm.services import analyses
from crm.services.analysis_kinds import USUAL
from tests import make
from tests.api.conftest import Clients

URL = "/v1/insight"
DAY = date(2026, 3, 1)


def kept(actor: Actor, scores: pd.DataFrame) -> int:
    made = Analysis(
        kind="churn",
        parameters={"horizon": 90},
        as_of=DAY,
        data_at=datetime(2026, 3, 1, 6, tzinfo=UTC),
        summary={"method": "rule"},
    )
    with db.transaction(actor) as session:
        return analyses.store(session, made, {"scores": scores})


def scores(*ids: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": list(ids),
            "gap": [np.nan] * len(ids),
            "last_on": pd.to_datetime(["2026-02-01"] * len(ids)),
        }
    )


def test_an_analysis_is_asked_for_and_followed(client: Clients, admin: Actor) -> None:
    asked = client(admin).post(f"{URL}/churn", json={"as_of": "2026-03-01"})

    assert asked.status_code == 202
    place = asked.headers["location"].removeprefix("/api")
    followed = client(admin).get(place)
    assert followed.json() == asked.json()
    assert followed.json()["state"] == "waiting"
    with db.reading(admin) as session:
        job = db.get(session, Job, asked.json()["id"])
    asked_for = {"horizon": 90, "models": []}
    assert job.arguments == {"parameters": asked_for, "as_of": "2026-03-01"}


def test_a_job_that_is_done_names_its_result(client: Clients, admin: Actor) -> None:
    asked = client(admin).post(f"{URL}/churn", json={}).json()
    with db.transaction(admin) as session:
        job = db.get(session, Job, asked["id"])
        job.state, job.result = JobState.DONE, {"analysis_id": 7}

    assert client(admin).get(f"/v1/jobs/{asked['id']}").json()["analysis_id"] == 7


@pytest.mark.parametrize(
    "parameters",
    [{"horizont": 90}, {"horizon": "90"}, {"horizon": None}, {"horizon": True}],
)
def test_what_it_does_not_have_is_refused(
    client: Clients, admin: Actor, parameters: dict[str, object]
) -> None:
    refused = client(admin).post(f"{URL}/churn", json={"parameters": parameters})

    assert refused.status_code == 422
    assert refused.json()["field"] == next(iter(parameters))


def test_an_unknown_kind_is_not_there(client: Clients, admin: Actor) -> None:
    there = client(admin)

    assert there.get(f"{URL}/horoscope").status_code == 404
    assert there.get(f"{URL}/horoscope/latest").status_code == 404
    assert there.post(f"{URL}/horoscope", json={}).status_code == 404


def test_who_may_only_read_asks_for_nothing(client: Clients, viewer: Actor) -> None:
    assert client(viewer).post(f"{URL}/churn", json={}).status_code == 403


def test_a_result_is_read_with_its_tables(client: Clients, admin: Actor) -> None:
    analysis_id = kept(admin, scores(5, 6, 7))
    there = client(admin)

    shown = there.get(f"{URL}/churn/{analysis_id}").json()
    rows = there.get(
        f"{URL}/churn/{analysis_id}/tables/scores", params={"offset": 1, "limit": 1}
    ).json()

    assert (shown["as_of"], shown["parameters"]) == ("2026-03-01", {"horizon": 90})
    assert shown["tables"] == ["scores"]
    assert there.get(f"{URL}/churn/latest").json() == shown
    assert [one["id"] for one in there.get(f"{URL}/churn").json()] == [analysis_id]
    row = {"customer_id": 6, "gap": None, "last_on": "2026-02-01T00:00:00.000"}
    assert rows == {"items": [row], "total": 3}


def test_a_result_is_of_its_kind_only(client: Clients, admin: Actor) -> None:
    analysis_id = kept(admin, scores(5))

    assert client(admin).get(f"{URL}/segmentation/{analysis_id}").status_code == 404
    other = f"{URL}/segmentation/{analysis_id}/tables/scores"
    assert client(admin).get(other).status_code == 404


def test_what_others_reach_is_not_there(
    client: Clients, admin: Actor, alice: Actor
) -> None:
    analysis_id = kept(admin, scores(5))
    there = client(alice)

    assert there.get(f"{URL}/churn").json() == []
    assert there.get(f"{URL}/churn/latest").status_code == 404
    assert there.get(f"{URL}/churn/{analysis_id}").status_code == 404
    assert there.get(f"{URL}/churn/{analysis_id}/tables/scores").status_code == 404


def test_all_that_is_known_of_a_customer(client: Clients, admin: Actor) -> None:
    customer = make.customer(admin)
    kept(admin, scores(customer.id, customer.id + 1))

    found = client(admin).get(f"/v1/customers/{customer.id}/insight").json()

    assert list(found) == ["churn"]
    rows = found["churn"]["tables"]["scores"]
    assert [row["customer_id"] for row in rows] == [customer.id]


def test_a_customer_out_of_reach_has_no_insight(
    client: Clients, alice: Actor, charlie: Actor
) -> None:
    hidden = make.customer(charlie)

    found = client(alice).get(f"/v1/customers/{hidden.id}/insight")

    assert found.status_code == 404


@pytest.mark.parametrize("since", ["2026-13-01", "", "yesterday"])
def test_a_first_day_is_a_day(client: Clients, admin: Actor, since: str) -> None:
    body = {"parameters": {"since": since}}

    assert client(admin).post(f"{URL}/association_rules", json=body).status_code == 422


def test_every_kind_says_what_is_asked_of_it(client: Clients, admin: Actor) -> None:
    found = client(admin).get(URL).json()

    assert {one["kind"]: one["parameters"] for one in found} == {
        kind: asked for kind, (_title, asked) in USUAL.items()
    }
