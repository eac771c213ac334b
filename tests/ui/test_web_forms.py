"""The page for web forms without a browser."""

from sqlmodel import select

from crm import db
from crm.config import ROOT
from crm.models import SYSTEM, Actor, WebForm
from tests.ui.conftest import signed_in

PAGE = str(ROOT / "pages/admin/web_forms.py")


def forms() -> list[WebForm]:
    with db.reading(SYSTEM) as session:
        return list(session.exec(select(WebForm)).all())


def test_a_form_is_made_and_keeps_what_was_typed_by_the_same_click(
    admin: Actor,
) -> None:
    app = signed_in(admin).run().switch_page(PAGE).run()
    for name, text in (("name", "Fair"), ("title", "Write to us"), ("source", "fair")):
        app.text_input(f"web_form_new_{name}").input(text)
    app.run()
    app.text_input("web_form_new_title").input("Write to us today")
    app.button("web_form_new_save").click().run()

    assert not app.exception
    assert [(one.name, one.title) for one in forms()] == [("Fair", "Write to us today")]
