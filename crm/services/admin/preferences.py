"""Settings that an administrator makes in the UI, by name."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from crm.models import Setting


def get(session: Session, name: str, default: Any = None) -> Any:
    """What is set under `name`, else `default`."""
    found = session.scalars(select(Setting).where(col(Setting.name) == name)).first()
    return default if found is None else found.content


def add(session: Session, name: str, content: Any) -> None:
    """Set what nobody has set: of two at the same moment, the unique name lets one
    through, where `put` would set it again.

    Raises:
        IntegrityError: somebody has; outside of the transaction that is a Duplicate.
    """
    session.add(Setting(name=name, content=content))
    session.flush()


def put(session: Session, name: str, content: Any) -> None:
    """Set `name` to `content` (plain data) for everyone.

    Raises:
        Forbidden: the actor may not set it.
    """
    found = session.scalars(select(Setting).where(col(Setting.name) == name)).first()
    if found is None:
        session.add(Setting(name=name, content=content))
    else:
        found.content = content
    session.flush()
