"""First run: the one moment when somebody without an account makes one."""

from datetime import datetime

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from crm import db
from crm.errors import NotFound
from crm.i18n import language
from crm.models import SYSTEM, Actor, Fields, Reach, Reason, Role, User
from crm.services import days, jobs
from crm.services.admin import passwords, preferences, sessions
from crm.services.admin.sessions import Visit
from crm.services.sales import pipelines

MARK = "set_up"


class SetupFields(Fields):
    """What the first administrator fills in."""

    name: str = Field(min_length=1, max_length=120)
    email: str = Field(min_length=3, max_length=254)
    password: str = Field(max_length=10_000)
    demo: bool = False


def is_needed() -> bool:
    """Whether there is no user yet."""
    with db.reading(SYSTEM) as session:
        return not session.scalar(select(func.count(col(User.id))))


def finish(form: SetupFields, visit: Visit, *, at: datetime) -> tuple[Actor, str]:
    """Create the administrator, sign in, and load the demo company if wanted.

    The usual stages get their names in the administrator's language.

    Raises:
        NotFound: somebody has done it before.
        Invalid: the password is easy to guess.
    """
    passwords.check(form.password, email=form.email, name=form.name)
    made = passwords.hashed(form.password)
    with db.transaction(SYSTEM, reason=Reason.SIGN_IN, at=at) as session:
        _claim(session)
        admin = User(
            email=form.email,
            name=form.name,
            role=Role.ADMIN,
            reach=Reach.ALL,
            language=visit.language or "en",
            password_hash=made,
        )
        session.add(admin)
        session.flush()
        actor = sessions.actor(admin)
        token = sessions.begin(session, admin, visit, at=at)
        with language(actor.language):  # or that of whoever looks at them first
            pipelines.ensure(session)
    if form.demo:
        with db.transaction(actor, reason=Reason.DEMO) as session:
            jobs.ask(
                session,
                "demo",
                "Demo company",
                {"today": days.day_of(at).isoformat()},
                key="demo",
            )
    return actor, token


def _claim(session: Session) -> None:
    """Be the only one: the unique name of the mark decides between two."""
    if session.scalar(select(func.count(col(User.id)))) or preferences.get(
        session, MARK
    ):
        raise NotFound(User, "")
    try:
        preferences.add(session, MARK, True)
    except IntegrityError as error:
        raise NotFound(User, "") from error
