"""The products of an opportunity: shown, or edited line by line; drafts survive."""

from typing import Any

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.db.plain import plain as json_value
from crm.i18n import _
from crm.models import Action, Opportunity
from crm.services import drafts, records
from crm.services.documents import quotes_lines
from crm.services.prices.pricing import totals
from crm.services.prices.products import products_of
from crm.services.sales import opportunity_lines
from crm.ui import access, feedback
from crm.ui.format import plain
from crm.ui.sales import line_editor, line_totals, quote_view

Values = dict[str, Any]


def show(row: Opportunity) -> None:
    """The lines of `row` and what they come to; or the form, while it is open."""
    actor = access.current()
    may = actor.may(Action.UPDATE, "opportunity")
    form = f"opportunity_lines_{row.id}"
    if may:
        with db.reading(actor) as session:
            draft = drafts.load(session, form)
        if draft is not None or st.session_state.get(f"{form}_open"):
            _edit(form, row, draft)
            return
    if row.lines or may:
        _read(form, row, may=may)


def _read(form: str, row: Opportunity, *, may: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Products"), width="stretch")
        if may:
            st.button(
                _("Edit products") if row.lines else _("Add products"),
                icon=":material/edit:" if row.lines else ":material/add:",
                key="products_edit",
                on_click=_open,
                args=[form],
            )
    if not row.lines:
        st.caption(_("No products yet. Their sum before tax will be the amount."))
        return
    with db.reading(access.current()) as session:
        products = products_of(session, row.lines)
    quote_view.lines(row, products)
    line_totals.show(totals(row.lines, row.currency), row.currency)


def _edit(form: str, row: Opportunity, draft: Values | None) -> None:
    _begin(form, row, draft)
    kept = st.session_state[f"{form}_kept"]
    st.subheader(_("Products"))
    if kept["is_draft"]:
        st.caption(_("What you had typed and not saved is here again."))
    if kept["began"] != _plain(row):
        words = _("The products have changed since you began; saving replaces them.")
        st.warning(plain(words), icon=":material/group:")
    with db.reading(access.current()) as session:
        basis = opportunity_lines.basis(session, row.currency)
    with feedback.told():
        line_editor.show(form, basis, on_change=lambda: _keep(form))
    st.caption(_("The sum before tax is the amount of the opportunity."))
    with st.container(horizontal=True):
        st.button(
            _("Save products"),
            type="primary",
            key=f"{form}_save",
            on_click=_save,
            args=[form, row.id, row.version],
        )
        st.button(_("Discard"), key=f"{form}_discard", on_click=_discard, args=[form])


def _open(form: str) -> None:
    st.session_state[f"{form}_open"] = True


def _begin(form: str, row: Opportunity, draft: Values | None) -> None:
    """Fill the form, once more after another page: the cells of a table go with it."""
    state = st.session_state
    if f"{form}_kept" in state and f"{form}_quantity" in state:
        return
    start = {"lines": _plain(row), "began": _plain(row)} | (draft or {})
    is_draft = draft is not None
    state[f"{form}_kept"] = {"began": start["began"], "is_draft": is_draft}
    line_editor.begin(form, start["lines"])


def _keep(form: str) -> None:
    typed = {"lines": line_editor.current(form)}
    began = {"began": st.session_state[f"{form}_kept"]["began"]}
    with feedback.caught(), db.transaction(access.current()) as session:
        drafts.save(session, form, typed | began)


def _save(form: str, opportunity_id: int, version: int) -> None:
    if f"{form}_kept" not in st.session_state:
        return
    lines = line_editor.current(form)
    if feedback.run(_("Saved."), _replace, form, opportunity_id, lines, version):
        _forget(form)


def _replace(
    session: Session, form: str, opportunity_id: int, lines: list[Values], version: int
) -> Opportunity:
    typed = records.valid(quotes_lines.Typed, {"lines": lines}).lines
    row = opportunity_lines.replace(session, opportunity_id, typed, version=version)
    drafts.drop(session, form)
    return row


def _discard(form: str) -> None:
    with feedback.caught(), db.transaction(access.current()) as session:
        drafts.drop(session, form)
    _forget(form)


def _forget(form: str) -> None:
    for name in ("kept", "lines", "open"):
        st.session_state.pop(f"{form}_{name}", None)


def _plain(row: Opportunity) -> list[Values]:
    """The lines of `row` as plain data."""
    return [
        {name: json_value(value) for name, value in quotes_lines.plain(line).items()}
        for line in row.lines
    ]
