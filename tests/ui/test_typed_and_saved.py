"""What is typed last and saved by the same click is what is saved."""

from sqlmodel import select

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, ApiToken, Team
from tests import make
from tests.ui.conftest import signed_in


def names(table: type[ApiToken] | type[Team]) -> list[str]:
    with db.reading(SYSTEM) as session:
        return [one.name for one in session.exec(select(table)).all()]


def test_the_name_of_a_token(admin: Actor) -> None:
    app = signed_in(admin).run()
    app.switch_page(str(ROOT / "pages/admin/tokens.py")).run()
    app.text_input("token_name").input("Shop")
    app.multiselect("token_scopes").select("customer:read").run()
    app.text_input("token_name").input("Web shop")
    app.button("token_make").click().run()

    assert not app.exception
    assert names(ApiToken) == ["Web shop"]


def test_the_name_of_a_team(admin: Actor) -> None:
    team = make.saved(Team(name="North"))
    app = signed_in(admin).run()
    app.switch_page(str(ROOT / "pages/admin/users.py")).run()
    app.text_input(f"team_{team.id}").input("South")
    app.button(f"team_{team.id}_save").click().run()

    assert not app.exception
    assert "South" in names(Team)
