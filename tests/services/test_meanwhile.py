"""Two at a time: what one has seen holds until it has written what rests on it."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.testclient import TestClient

from crm import db
from crm.errors import RuleBroken, Stale
from crm.jobs import renewals as renewals_job
from crm.jobs import run_here
from crm.models import (
    SYSTEM,
    Activity,
    Actor,
    Campaign,
    CustomerFields,
    Lead,
    QuoteStatus,
    Recipient,
    Stage,
    StageKind,
    Team,
    Ticket,
    WebFormFields,
)
from crm.services import idempotency, jobs, records, recycle_bin, reversal, undo
from crm.services.admin import users
from crm.services.customers import customers
from crm.services.documents import quotes, quotes_steps
from crm.services.marketing import marks, recipients, spans
from crm.services.marketing.marks import REACHED, Marked
from crm.services.sales import (
    leads,
    opportunities,
    pipeline_setup,
    pipelines,
    web_forms,
)
from crm.services.subscriptions import renewals, subscriptions
from crm.services.support import asking, tickets
from crm.services.support.asking import Asked
from crm.web import forms
from tests import make
from tests.api.conftest import As
from tests.make import NOON
from tests.meanwhile import doing, meanwhile
from tests.services.offers import read, sent

pytestmark = pytest.mark.servers

assert renewals_job  # registers the kind of job


def count(table: Any, *conditions: Any) -> int:
    with db.reading(SYSTEM) as session:
        found = select(func.count(table.id)).where(*conditions)
        return session.scalar(found, execution_options=db.everything) or 0


def accepting(alice: Actor) -> Any:
    quote = sent(alice, make.customer(alice))
    return doing(alice, quotes.accept, quote.id, by="Eva", at=NOON)


def converting(alice: Actor) -> Any:
    return doing(alice, leads.convert, make.lead(alice, company="Acme").id)


def winning(alice: Actor) -> Any:
    deal, won = make.opportunity(make.customer(alice)), make.stages()["Won"]
    return doing(alice, opportunities.move, deal.id, won.id)


def renewing(alice: Actor) -> Any:
    about = {"term_months": 12, "auto_renew": False, "renewal_on": date(2027, 1, 1)}
    row = make.subscription(make.customer(alice), **about)
    return doing(alice, subscriptions.renew, row.id)


@pytest.mark.parametrize("prepared", [accepting, converting, winning, renewing])
def test_what_two_do_at_once_is_done_once(alice: Actor, prepared: Any) -> None:
    """Both have found it undone; the version tells the later one."""
    deed = prepared(alice)

    with meanwhile(records, "expect", deed) as other, pytest.raises(Stale):
        deed()

    assert other()


def test_what_two_undo_at_once_is_undone_once(alice: Actor) -> None:
    with db.transaction(alice) as session:
        customers.create(session, CustomerFields(name="Acme"))
    undone = doing(alice, undo.undo, db.operation_of(session))

    with meanwhile(undo, "_in_reach", undone) as other, pytest.raises(Stale):
        undone()

    assert other().done == 1


def test_of_two_versions_sent_at_once_one_stands(alice: Actor) -> None:
    """Else the customer could accept both, and each would become an order."""
    first = sent(alice, make.customer(alice))
    doing(alice, quotes.decline, first.id, by="Eva", at=NOON)()
    second = doing(alice, quotes.revise, first.id)()
    doing(alice, quotes.remove, second.id)()
    third = doing(alice, quotes.revise, first.id)()
    doing(alice, recycle_bin.restore, "quote", [second.id])()
    other = doing(alice, quotes.mark_sent, third.id, at=NOON)

    with meanwhile(quotes_steps, "versions_now", other):
        doing(alice, quotes.mark_sent, second.id, at=NOON)()

    states = [read(row).status for row in (second, third)]
    assert states == [QuoteStatus.REPLACED, QuoteStatus.SENT]


def test_of_the_last_two_pipelines_one_stays(admin: Actor) -> None:
    first, second = (doing(admin, pipeline_setup.add, name)() for name in "AB")

    with meanwhile(
        pipeline_setup, "listed", doing(admin, pipeline_setup.remove, second.id)
    ) as other:
        doing(admin, pipeline_setup.remove, first.id)()

    with pytest.raises(RuleBroken):
        other()


def test_of_the_last_two_stages_of_a_kind_one_stays(admin: Actor) -> None:
    made = doing(admin, pipeline_setup.add, "A")()
    with db.reading(SYSTEM) as session:
        held = pipelines.stages(session, made.id)
    *gone, first, second = (one.id for one in held if one.kind is StageKind.OPEN)
    for one in gone:
        doing(admin, pipeline_setup.remove_stage, one)()

    with meanwhile(
        pipeline_setup, "stages", doing(admin, pipeline_setup.remove_stage, second)
    ) as other:
        doing(admin, pipeline_setup.remove_stage, first)()

    with pytest.raises(RuleBroken):
        other()
    assert count(Stage, col(Stage.kind) == StageKind.OPEN) == 1


def test_two_who_ask_the_same_customer_ask_once(alice: Actor) -> None:
    ask = doing(alice, asking.ask, [make.customer(alice).id], "Well?", at=NOON)

    with meanwhile(tickets, "create", ask) as other:
        ask()

    assert other() == Asked(0, 1)
    assert count(Ticket) == 1


def test_who_is_marked_while_the_adding_is_undone_is_not_lost(admin: Actor) -> None:
    """Either the recipient stays, or nobody is told that it was marked."""
    campaign = make.saved(Campaign(name="Fair", hold_out=0))
    ids = [make.customer().id]
    with db.transaction(admin) as session:
        recipients.add(session, campaign.id, ids)
    operation = db.operation_of(session) or 0

    mark = doing(admin, marks.mark, campaign.id, REACHED, ids)
    with meanwhile(spans, "_unseen", mark) as other:
        doing(admin, undo.undo, operation)()

    assert (other(), count(Recipient)) == (Marked(0), 0)


def test_two_companies_are_not_put_above_each_other(alice: Actor) -> None:
    one, two = (make.customer(alice).id for _ in range(2))

    with meanwhile(
        customers,
        "refuse_circle",
        doing(alice, customers.update, two, {"parent_id": one}),
    ) as other:
        doing(alice, customers.update, one, {"parent_id": two})()

    with pytest.raises(RuleBroken):
        other()


def test_nobody_joins_what_is_taken_back(admin: Actor, charlie: Actor) -> None:
    with db.transaction(admin) as session:
        team = users.create_team(session, "West")
    operation = db.operation_of(session) or 0

    changes = {"team_id": team.id}
    join = doing(admin, users.update, charlie.user_id, changes, at=NOON)
    with meanwhile(reversal, "_is_in_use", join) as other:
        doing(admin, undo.undo, operation)()

    with pytest.raises(Stale):
        other()
    assert count(Team, col(Team.name) == "West") == 0


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_same_change_sent_twice_is_answered_alike(
    alice: Actor, method: str
) -> None:
    """E3: the second meets what the first has changed, not only its key."""
    place = f"/v1/customers/{make.customer(alice).id}"
    headers = {"idempotency-key": "k", "if-match": '"1"'}

    def send() -> tuple[int, Any]:
        client = TestClient(As(alice), raise_server_exceptions=False)
        answer = client.request(method, place, json={"city": "Bonn"}, headers=headers)
        return answer.status_code, answer.json() if answer.content else None

    with meanwhile(idempotency, "known", send) as other:
        mine = send()

    assert mine == other()
    assert mine[0] in {200, 204}


def test_two_clicks_at_once_on_a_web_form_make_one_lead(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the second is answered by an error, and the form is sent once more."""
    form = WebFormFields(name="Fair", title="Write to us", source="fair")
    made = doing(admin, web_forms.create, form)()
    monkeypatch.setattr(forms, "QUICKEST", 0)
    sessions = Middleware(SessionMiddleware, secret_key="key")
    page = TestClient(
        Starlette(routes=forms.ROUTES, middleware=[sessions]), follow_redirects=False
    )
    shown = page.get(f"/form/{made.key}").text
    hidden = dict(re.findall(r'name=(csrf|stamp) value="([^"]+)"', shown))

    def click() -> int:
        typed = {"name": "Eva", **hidden}
        return page.post(f"/form/{made.key}", data=typed).status_code

    with meanwhile(idempotency, "known", click) as other:
        assert click() == other() == 303

    assert count(Lead) == 1


def test_renewals_are_kept_up_though_somebody_changes_one(alice: Actor) -> None:
    row = make.subscription(
        make.customer(alice),
        starts_on=date(2020, 1, 1),
        term_months=12,
        renewal_on=date(2021, 1, 1),
        auto_renew=True,
        remind_days=366,
    )
    with db.transaction(SYSTEM) as session:
        job = jobs.ask(session, "renewals", "Renewals", {}, key="now")
    touched = doing(alice, lambda s: setattr(s.get(type(row), row.id), "number", "N"))

    with meanwhile(renewals, "is_near", touched):
        run_here(job.id)

    with db.reading(SYSTEM) as session:
        assert jobs.job(session, job.id).error is None
    assert count(Activity) == 1
