"""Kept segmentations: a name, and the frozen model that assigns customers anew.

Each is an analysis without tables. The model is among its parameters, so that the
change log has it too.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from crm import db
from crm.db.watch import require
from crm.errors import Forbidden, NotFound
from crm.i18n import _
from crm.models import Action, Analysis, Role
from crm.services import analyses, records

KIND = "segment_model"
MOST = 100  # offered to choose from


def keep(session: Session, name: str, shown: Analysis, model: Mapping[str, Any]) -> int:
    """Keep the model of a segmentation under a name; the id it has from now on.

    Args:
        shown: the segmentation that it comes from.
        model: as `crm.analytics.segmentation.frozen.as_json` gives it.

    Raises:
        Invalid: no name.
        Forbidden: the actor may not make analyses.
    """
    require(db.actor_of(session), Action.CREATE, "analysis")
    missing = _("A model needs a name.")
    title = records.text(name, longest=120, missing=missing, field="name")
    kept = Analysis(
        kind=KIND,
        title=title,
        parameters={"model": dict(model), "analysis_id": shown.id},
        as_of=shown.as_of,
        data_at=shown.data_at,
    )
    return analyses.store(session, kept, {})


def listed(session: Session) -> list[Analysis]:
    """The models about the customers in reach, newest first."""
    return analyses.listed(session, KIND, limit=MOST)


def model(session: Session, model_id: int) -> dict[str, Any]:
    """What was kept.

    Raises:
        NotFound: there is no such model in reach.
    """
    return dict(_kept(session, model_id).parameters["model"])


def remove(session: Session, model_id: int) -> None:
    """Forget a model; what was computed by it stays.

    Raises:
        NotFound: there is no such model in reach.
        Forbidden: it is somebody else's, and the actor is no administrator.
    """
    kept, actor = _kept(session, model_id), db.actor_of(session)
    if kept.owner_id != actor.user_id and actor.role is not Role.ADMIN:
        raise Forbidden(_("Only its owner can delete a model."))
    session.delete(kept)
    session.flush()


def _kept(session: Session, model_id: int) -> Analysis:
    found = analyses.analysis(session, model_id)
    if found.kind != KIND:
        raise NotFound(Analysis, model_id)
    return found
