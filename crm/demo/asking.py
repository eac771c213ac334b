"""Ask for the demo company, or for its end, in the background."""

from datetime import date
from typing import Any

from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, Job
from crm.services import jobs


def load(session: Session, *, today: date, key: str) -> Job:
    """Have the demo company loaded, its history ending on `today`; once per `key`.

    Raises:
        Forbidden: the actor may not change settings.
    """
    given = {"today": today.isoformat()}
    return _ask(session, "demo", _("Load the demo company"), given, key)


def wipe(session: Session, *, key: str) -> Job:
    """Have the demo company taken out again; once per `key`.

    Raises:
        Forbidden: the actor may not change settings.
    """
    return _ask(session, "wipe_demo", _("Wipe the demo company"), {}, key)


def _ask(
    session: Session, kind: str, title: str, given: dict[str, Any], key: str
) -> Job:
    db.require(db.actor_of(session), Action.UPDATE, "setting")
    return jobs.ask(session, kind, title, given, key=key)
