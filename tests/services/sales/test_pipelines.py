"""Pipelines: set up by administrators; a stage that was ever used stays."""

from decimal import Decimal
from typing import Any

import pytest

from crm import db
from crm.errors import Duplicate, Forbidden, Invalid, RuleBroken, Stale
from crm.models import SYSTEM, Actor, Stage, StageKind
from crm.services.sales import opportunities, pipeline_setup, pipelines
from crm.services.sales.pipeline_setup import StageForm
from tests import make


def names(pipeline_id: int) -> list[str]:
    with db.reading(SYSTEM) as session:
        return [one.name for one in pipelines.stages(session, pipeline_id)]


def added(admin: Actor, name: str = "Renewals") -> int:
    with db.transaction(admin) as session:
        return pipeline_setup.add(session, name).id


def test_another_pipeline_has_the_usual_stages(admin: Actor) -> None:
    first = make.stages()["Won"].pipeline_id

    made = added(admin)

    assert names(made) == names(first)


def test_a_name_is_there_once(admin: Actor) -> None:
    added(admin)

    with pytest.raises(Duplicate):
        added(admin)


def test_only_who_sets_things_up_may_do_so(alice: Actor) -> None:
    make.stages()

    with pytest.raises(Forbidden):
        added(alice)


def test_a_new_stage_stands_behind_the_open_ones(admin: Actor) -> None:
    made = added(admin)

    with db.transaction(admin) as session:
        pipeline_setup.add_stage(session, made, StageForm("Legal", Decimal("0.9")))

    assert names(made)[3:] == ["Negotiation", "Legal", "Won", "Lost"]


def test_a_stage_is_changed_and_moved(admin: Actor) -> None:
    stage = make.stages()["Negotiation"]
    form = StageForm("Talks", Decimal("0.6"), "violet", required=["amount"])

    with db.transaction(admin) as session:
        pipeline_setup.change_stage(session, stage.id, form, position=0, version=1)

    assert names(stage.pipeline_id)[:2] == ["Talks", "Prospecting"]
    with db.reading(SYSTEM) as session:
        found = db.get(session, Stage, stage.id)
    assert (found.probability, found.color) == (Decimal("0.6"), "violet")
    assert found.required == ["amount"]


def test_a_change_of_what_has_changed_is_refused(admin: Actor) -> None:
    stage = make.stages()["Won"]
    with db.transaction(admin) as session:
        pipeline_setup.rename(session, stage.pipeline_id, "New", version=1)

    with pytest.raises(Stale), db.transaction(admin) as session:
        pipeline_setup.rename(session, stage.pipeline_id, "Newer", version=1)


@pytest.mark.parametrize(
    "form",
    [
        StageForm("x", Decimal("1.1")),
        StageForm("x", Decimal("-0.1")),
        StageForm("x", color="#fff"),
        StageForm("x", required=["password_hash"]),
        StageForm(" "),
        StageForm("x" * 81),
    ],
    ids=repr,
)
def test_what_does_not_fit_is_refused(admin: Actor, form: StageForm) -> None:
    made = added(admin)

    with pytest.raises(Invalid), db.transaction(admin) as session:
        pipeline_setup.add_stage(session, made, form)


def test_a_stage_with_an_opportunity_stays(admin: Actor) -> None:
    stage = make.stages()["Proposal"]
    make.opportunity(make.customer(), "Proposal")

    with pytest.raises(RuleBroken, match="Proposal"), db.transaction(admin) as session:
        pipeline_setup.remove_stage(session, stage.id)


def test_so_does_one_that_an_opportunity_has_passed(admin: Actor) -> None:
    stages = make.stages()
    row = make.opportunity(make.customer(), "Proposal")
    with db.transaction(admin) as session:
        opportunities.move(session, row.id, stages["Won"].id)

    with pytest.raises(RuleBroken), db.transaction(admin) as session:
        pipeline_setup.remove_stage(session, stages["Proposal"].id)


def test_an_unused_stage_goes(admin: Actor) -> None:
    stage = make.stages()["Proposal"]

    with db.transaction(admin) as session:
        pipeline_setup.remove_stage(session, stage.id)

    assert "Proposal" not in names(stage.pipeline_id)


@pytest.mark.parametrize("name", ["Won", "Lost"])
def test_the_last_stage_of_its_kind_stays(admin: Actor, name: str) -> None:
    stage = make.stages()[name]

    def tried(deed: Any) -> None:
        with pytest.raises(RuleBroken), db.transaction(admin) as session:
            deed(session)

    tried(lambda s: pipeline_setup.remove_stage(s, stage.id))
    form = StageForm(name, kind=StageKind.OPEN)
    tried(lambda s: pipeline_setup.change_stage(s, stage.id, form))


def test_the_only_pipeline_stays_and_an_unused_other_goes(admin: Actor) -> None:
    first = make.stages()["Won"].pipeline_id
    with pytest.raises(RuleBroken), db.transaction(admin) as session:
        pipeline_setup.remove(session, first)
    made = added(admin)

    with db.transaction(admin) as session:
        pipeline_setup.remove(session, made)

    with db.reading(SYSTEM) as session:
        assert [one.id for one in pipelines.listed(session)] == [first]
