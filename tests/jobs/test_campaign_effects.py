"""Effects of campaigns from the database to a stored result."""

from datetime import timedelta
from typing import Any

import pytest

from crm import db
from crm.analytics.campaign_effect import HORIZONS
from crm.jobs.run import run_here
from crm.jobs.schedule import EVERY
from crm.models import Actor, Campaign, Customer, Job, JobState, Recipient, utcnow
from crm.services import analyses, analysis_kinds
from crm.services.marketing import campaign_effects
from crm.services.marketing.campaign_effects import KIND, Measured
from tests import make

DAY = timedelta(days=1)


def computed(actor: Actor) -> None:
    with db.transaction(actor) as session:
        job = analysis_kinds.ask(session, KIND, {}, as_of=utcnow().date())
    run_here(job.id)
    with db.reading(actor) as session:
        assert db.get(session, Job, job.id).state is JobState.DONE


def measured(actor: Actor, campaign: Campaign, days: int = 30) -> Measured | None:
    with db.reading(actor) as session:
        return campaign_effects.measured(session, campaign.id, days)


def history(owner: Actor | None = None, count: int = 60) -> Campaign:
    """Added 50 days ago, one in three held out; of the others every second has ordered
    10 days later, for 100.
    """
    campaign: Campaign = make.saved(Campaign(name="Fair"))
    product = make.product()
    for number in range(count):
        held = number % 3 == 0
        customer: Customer = make.customer(owner)
        given: dict[str, Any] = {"customer_id": customer.id, "held_out": held}
        added = utcnow() - 50 * DAY
        make.saved(Recipient(campaign_id=campaign.id, created_at=added, **given))
        if not held and number % 2:
            at = utcnow() - 40 * DAY
            make.order(customer, (product, 1, "100"), ordered_at=at)
    return campaign


def test_every_campaign_is_measured(admin: Actor) -> None:
    campaign = history()

    computed(admin)

    found = measured(admin, campaign)
    assert found is not None
    effect = found.watched.effect
    assert effect is not None
    assert (effect.acted_on, effect.left_alone) == (40, 20)
    assert (effect.bought_acted_on, effect.bought_left_alone) == (0.5, 0)
    assert effect.revenue == pytest.approx(50)


def test_days_that_are_not_over_are_waited_for(admin: Actor) -> None:
    campaign = history()

    computed(admin)

    for days in HORIZONS:
        found = measured(admin, campaign, days)
        assert found is not None
        assert found.watched.waiting == (60 if days > 50 else 0)
        assert (found.watched.effect is None) == (days > 50)


def test_each_measures_by_the_customers_in_reach(
    admin: Actor, alice: Actor, charlie: Actor
) -> None:
    campaign = history(alice)
    computed(charlie)
    computed(alice)

    theirs, own = measured(charlie, campaign), measured(alice, campaign)

    assert theirs is None
    assert own is not None
    assert own.watched.treated == 40
    assert measured(admin, campaign) is None  # nobody who sees all has asked


def test_without_campaigns_there_is_an_empty_result(admin: Actor) -> None:
    computed(admin)

    with db.reading(admin) as session:
        found = analyses.latest(session, KIND)
    assert found is not None
    assert found.summary["campaigns"] == 0


def test_it_is_computed_every_day() -> None:
    period, _title = EVERY[KIND]

    assert period == DAY
