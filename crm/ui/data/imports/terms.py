"""What the file says and nothing here is called: what is meant is to be confirmed."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from crm import db
from crm.i18n import N_, _, ngettext
from crm.services.imports import runs
from crm.services.imports.meanings import MAKE, NOTHING
from crm.ui import access
from crm.ui.data.imports import state, words
from crm.ui.format import number, plain

FIELDS = {
    "pipeline": N_("Pipeline"),
    "stage": N_("Stage"),
    "product": N_("Product"),
    "owner": N_("Owner"),
}
SPECIAL = {
    ("stage", MAKE): N_("Make it a stage (it stays after an undo)"),
    ("product", MAKE): N_("Make it a product"),
    ("product", NOTHING): N_("Leave the product out"),
    ("owner", NOTHING): N_("Nobody owns it"),
}

OTHERWISE = {"owner": NOTHING}  # filled in where nothing is likely


def show(one: runs.Import) -> None:
    """A form with a choice for each term; what is likely is filled in, not settled."""
    with db.reading(access.current()) as session:
        terms = runs.terms(session, one.id)
    if not terms:
        return
    st.subheader(_("What is meant?"))
    _say_open(sum(1 for term in terms if term.answer is None))
    with st.form(state.key(one, "terms")):
        with st.grid(2, min_column_width=280):
            for place, term in enumerate(terms):
                _ask(one, place, term)
        st.form_submit_button(
            _("Confirm, and check again"),
            type="primary",
            icon=":material/rule:",
            key="import_terms",
            on_click=_confirm,
            args=[one, terms],
        )


def _say_open(n_open: int) -> None:
    said = _("The file says these, and nothing here is called so.")
    if not n_open:
        st.caption(plain(said))
        return
    count = ngettext(
        "{n} answer is open: what is filled in counts only once you confirm it.",
        "{n} answers are open: what is filled in counts only once you confirm it.",
        n_open,
    )
    told = f"{said} {count.format(n=number(n_open))}"
    st.warning(plain(told), icon=":material/help:")


def _ask(one: runs.Import, place: int, term: runs.Term) -> None:
    answers = list(term.options)
    filled = term.answer or term.likely or OTHERWISE.get(term.field)
    label = f"{_(FIELDS[term.field])} “{term.text}” · {words.rows(term.rows)}"
    st.selectbox(
        plain(label),
        answers,
        index=answers.index(filled) if filled in answers else None,
        format_func=_shower(term),
        placeholder=_("Choose"),
        key=state.key(one, f"term_{place}"),
    )


def _shower(term: runs.Term) -> Callable[[str], str]:
    def shown(answer: str) -> str:
        words_ = SPECIAL.get((term.field, answer))
        return _(words_) if words_ else term.options[answer]

    return shown


def _confirm(one: runs.Import, terms: list[runs.Term]) -> None:
    """Keep the answers with the import, and check again."""
    meant = {field: dict(said) for field, said in one.choices.meant.items()}
    for place, term in enumerate(terms):
        answer = str(st.session_state.get(state.key(one, f"term_{place}")))
        if answer in term.options:
            meant.setdefault(term.field, {})[term.text] = answer
    state.act(one.id, one.revision, state.settle, replace(one.choices, meant=meant))
