"""Files that are made on a click, outside of the page, speak the user's language."""

from collections.abc import Callable, Iterator
from contextvars import Context

import pytest
import streamlit as st

from crm import db, i18n
from crm.models import Actor
from crm.services import lists
from crm.services.imports import runs
from crm.ui import access, export_menu
from crm.ui.data.imports import left_out
from tests.services.imports.engine import brought
from tests.services.imports.test_undoing import latest


@pytest.fixture
def made(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Callable[[], bytes]]]:
    """What the download buttons of a page in Chinese are given."""
    buttons: list[Callable[[], bytes]] = []
    monkeypatch.setattr(access, "current", lambda: admin)
    monkeypatch.setattr(
        st, "download_button", lambda *_args, data, **_rest: buttons.append(data)
    )
    with i18n.language("zh_CN"):
        yield buttons


def first_line(button: Callable[[], bytes]) -> str:
    """That of the file, made as Streamlit does it: where nobody has said a language."""
    return Context().run(button).decode("utf-8-sig").splitlines()[0]


def test_a_list_has_its_header_in_the_language_of_the_page(
    made: list[Callable[[], bytes]],
) -> None:
    export_menu.show(lists.Query("customer", columns=("name", "city")), "customers")

    assert first_line(made[0]) == '"id","名称","城市"'


def test_rows_that_were_not_imported_too(
    admin: Actor, made: list[Callable[[], bytes]]
) -> None:
    brought(admin, "sku,name,price\nA,Pen,x\n", "products")
    with db.reading(admin) as session:
        one = runs.get(session, latest(admin))

    left_out._download(one)

    assert first_line(made[0]).startswith('"文件中的行","列","原因"')
