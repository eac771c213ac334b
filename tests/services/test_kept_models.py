"""Kept models: named, found again, deleted."""

from datetime import date

import pytest

from crm import db
from crm.errors import Forbidden, Invalid, NotFound
from crm.models import Actor, Analysis, Reason
from crm.services import analyses, kept_models, undo
from tests import make

DAY = date(2026, 3, 31)
MODEL = {"method": "rfm", "cuts": {"recency": [30.0, 90.0]}}


def segmentation() -> Analysis:
    return make.saved(Analysis(kind="segmentation", as_of=DAY))


def kept(actor: Actor, name: str = "Spring") -> int:
    shown = segmentation()
    with db.transaction(actor) as session:
        return kept_models.keep(session, name, shown, MODEL)


def test_a_model_is_found_again_by_its_name(admin: Actor) -> None:
    model_id = kept(admin)

    with db.reading(admin) as session:
        (found,) = kept_models.listed(session)
        assert (found.id, found.title) == (model_id, "Spring")
        assert kept_models.model(session, model_id) == MODEL


def test_a_model_without_a_name_is_refused(admin: Actor) -> None:
    with pytest.raises(Invalid, match="needs a name"):
        kept(admin, "  ")


def test_a_deleted_model_is_gone_and_comes_back_when_that_is_undone(
    admin: Actor,
) -> None:
    model_id = kept(admin)
    with db.transaction(admin) as session:
        kept_models.remove(session, model_id)
    operation = db.operation_of(session)
    assert operation is not None
    with db.reading(admin) as session:
        assert kept_models.listed(session) == []

    with db.transaction(admin, reason=Reason.UNDO) as session:
        undo.undo(session, operation)

    with db.reading(admin) as session:
        assert kept_models.model(session, model_id) == MODEL


def test_somebody_elses_model_is_deleted_by_administrators_only(
    admin: Actor,
) -> None:
    manager = make.actor("Max", role="manager")
    model_id = kept(admin)

    with pytest.raises(Forbidden), db.transaction(manager) as session:
        kept_models.remove(session, model_id)


def test_who_sees_other_customers_sees_no_model(admin: Actor, alice: Actor) -> None:
    model_id = kept(admin)

    with db.reading(alice) as session:
        assert kept_models.listed(session) == []
        with pytest.raises(NotFound):
            kept_models.model(session, model_id)


def test_another_analysis_is_no_model(admin: Actor) -> None:
    with db.transaction(admin) as session:
        shown = Analysis(kind="churn", as_of=DAY)
        other = analyses.store(session, shown, {})
    with db.reading(admin) as session, pytest.raises(NotFound):
        kept_models.model(session, other)


def test_who_may_only_look_keeps_nothing(admin: Actor, viewer: Actor) -> None:
    with pytest.raises(Forbidden):
        kept(viewer)
