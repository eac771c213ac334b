"""No callback is given what a widget held in the run before the click."""

from pathlib import Path

import pytest

from tests import stale_args

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*ROOT.glob("crm/ui/**/*.py"), *ROOT.glob("pages/**/*.py")])


@pytest.mark.slow
def test_callbacks_read_what_widgets_hold_instead_of_being_given_it() -> None:
    named = {
        path.relative_to(ROOT).as_posix(): stale_args.found(path.read_text("utf-8"))
        for path in SOURCES
    }

    assert SOURCES
    assert {path: lines for path, lines in named.items() if lines} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "x = st.text_input('N')\nst.button('B', on_click=go, args=[x])",
        "x = st.text_input('N')\nst.button('B', on_click=go, kwargs={'n': x})",
        "x = int(st.number_input('N')) - 1\nst.button('B', on_click=go, args=[x])",
        "x: str = box.selectbox('N', all)\nst.button('B', on_change=go, args=(x,))",
        "x = inputs.field(one, key='x')\nst.button('B', on_click=go, args=[x])",
        "x = st.text_input('N')\ny = x.strip()\nst.button('B', on_click=go, args=[y])",
        "a, b = st.date_input('D', days)\nst.button('B', on_click=go, args=[b])",
        "t = {}\nt['n'] = st.text_input('N')\nst.button('B', on_click=go, args=[t])",
        "st.button('B', on_click=go, args=[st.text_input('N')])",
        "x = st.text_input('N')\nst.button('B', on_click=lambda: go(x))",
        "x = st.text_input('N')\nst.button('B', on_click=partial(go, x))",
    ],
)
def test_a_planted_one_is_found(planted: str) -> None:
    assert len(stale_args.found(planted)) == 1
    indented = planted.replace("\n", "\n    ")
    assert len(stale_args.found(f"def show():\n    {indented}")) == 1


def test_what_a_function_of_the_module_gives_back_counts() -> None:
    source = """
def fields(key):
    name = st.text_input("Name", key=key)
    return Form(name)

def show():
    form = fields("new")
    st.button("Add", on_click=add, args=[form])
"""

    assert stale_args.found(source) == ["8: form"]


def test_what_a_callback_inside_of_the_function_closes_over_counts() -> None:
    source = """
def show():
    name = st.text_input("Name")
    def add():
        save(name)
    st.button("Add", on_click=add)
"""

    assert stale_args.found(source) == ["5: name"]


def test_keys_records_and_other_functions_do_not() -> None:
    source = """
def show(row):
    key = f"name_{row.id}"
    name = st.text_input("Name", key=key)
    st.button("Add", on_click=add, args=[row, key], disabled=not name)

def other(name):
    st.button("Add", on_click=add, args=[name])
"""

    assert stale_args.found(source) == []
