"""Opening a record from a table, and going on to its neighbours there."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from crm.ui import row_links

    row = int(st.query_params["row"])
    st.session_state["clicked"] = SimpleNamespace(row=row)
    row_links._open("clicked", "opportunity", [7, 8, 7])
    st.write(row_links.trail("opportunity"), row_links.trail("customer"))


def told(row: int) -> list[str]:
    app = AppTest.from_function(script)
    app.query_params["row"] = str(row)
    app.run()
    assert not app.exception
    return [str(one.value) for one in app.json]


def test_the_neighbours_are_those_of_the_table_once_each() -> None:
    assert told(1) == ["[7, 8]", "[]"]


def test_a_row_that_is_gone_opens_nothing() -> None:
    assert told(3) == ["[]", "[]"]
