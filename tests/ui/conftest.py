"""The app without a browser, signed in as Ada."""

import pytest
from streamlit.testing.v1 import AppTest

from crm import db
from crm.config import ROOT
from crm.models import Actor, User, utcnow
from crm.services import sessions
from crm.services.sign_in import Visit


def signed_in(actor: Actor) -> AppTest:
    """The app as `actor` sees it, not yet run."""
    with db.transaction(actor) as session:
        user = db.get(session, User, actor.user_id or 0)
        token = sessions.begin(session, user, Visit("127.0.0.1", "test"), at=utcnow())
    found = sessions.who(token)
    assert found is not None
    app = AppTest.from_file(ROOT / "crm/ui/main.py", default_timeout=30)
    app.user = {
        "user_id": str(actor.user_id),
        "role": actor.role.value,
        "sid": str(found.session_id),
    }
    return app


@pytest.fixture
def app(admin: Actor) -> AppTest:
    """The app as Ada sees it, on its first page."""
    return signed_in(admin).run()
