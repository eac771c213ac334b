"""Customers clustered by how readily they answer campaigns."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd

from crm import db
from crm.analytics.campaign_response import with_share
from crm.analytics.segmentation.features import RESPONSE
from crm.frames import RESPONSES, typed
from crm.jobs import run_here
from crm.models import Actor, Campaign, Job, JobState, Recipient
from crm.services import analyses
from tests import make

DAY = date(2026, 3, 31)


def at(day: int) -> datetime:
    return datetime(2026, 3, day, 12, tzinfo=UTC)


def bought(*days: int) -> int:
    """A customer with a sale on each of these days of March; its id."""
    customer, product = make.customer(), make.product()
    for day in days:
        make.order(customer, (product, 1, "10"), ordered_at=at(day))
    return customer.id


def answered(customer_id: int, *answers: bool) -> None:
    """Campaigns that reached a customer, each with its answer or without."""
    for answer in answers:
        campaign = make.saved(Campaign(name="Fair"))
        times = {"reached_at": at(1), "responded_at": at(2) if answer else None}
        given = {"campaign_id": campaign.id, "customer_id": customer_id}
        make.saved(Recipient(**given, **times))


def computed(actor: Actor) -> tuple[dict[str, object], pd.DataFrame]:
    """The summary and the buyers, by id."""
    features = {"features": ["recency", RESPONSE]}
    with db.transaction(actor) as session:
        job = analyses.ask(session, "segmentation", "S", features, as_of=DAY)
    run_here(job.id)
    with db.reading(actor) as session:
        assert db.get(session, Job, job.id).state is JobState.DONE
        shown = analyses.latest(session, "segmentation")
        assert shown is not None
        table = analyses.table(session, shown.id, "buyers")
    return shown.summary, table.set_index("customer_id")


def test_the_share_is_of_those_that_reached_a_customer() -> None:
    buyers = pd.DataFrame({"customer_id": [1, 2, 3]})
    rows = {"customer_id": [1, 2], "reached": [4, 1], "responded": [1, 1]}

    found = with_share(buyers, typed(rows, RESPONSES))

    assert found[RESPONSE].tolist()[:2] == [0.25, 1.0]
    assert np.isnan(found[RESPONSE][2])


def test_who_was_not_reached_counts_by_the_middle_value(admin: Actor) -> None:
    ids = [bought(day) for day in (2, 5, 9, 14, 20, 25)]
    answered(ids[0], True, False)
    answered(ids[1], True)
    answered(ids[2], False)

    summary, table = computed(admin)

    assert table[RESPONSE][ids[:3]].tolist() == [0.5, 1.0, 0.0]
    assert table[RESPONSE][ids[3:]].isna().all()
    notes = [str(note) for note in summary["notes"]]  # type: ignore[attr-defined]  # a list
    assert any("middle value" in note and "3" in note for note in notes)


def test_without_campaigns_the_feature_is_left_out_and_said(admin: Actor) -> None:
    for day in (2, 5, 9, 14, 20, 25):
        bought(day)

    summary, _table = computed(admin)

    notes = [str(note) for note in summary["notes"]]  # type: ignore[attr-defined]  # a list
    assert any("No campaign has reached any of these" in note for note in notes)
    assert any("Share of campaigns responded to" in note for note in notes)
