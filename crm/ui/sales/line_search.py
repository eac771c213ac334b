"""Search a product among however many there are, and add it as a line."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import streamlit as st

from crm import db
from crm.errors import Invalid
from crm.i18n import _
from crm.models import LineFields
from crm.services import lists, records
from crm.services.days import today
from crm.services.documents import quotes_lines
from crm.services.documents.quotes_lines import Basis
from crm.ui import access, feedback, inputs
from crm.ui.format import number, plain
from crm.ui.typed import ungrouped

MOST = 50  # products to choose from
ACTIVE = {"match": "all", "rules": [{"field": "active", "op": "yes"}]}


def show(form: str, basis: Basis, add: Callable[[dict[str, Any]], None]) -> None:
    """The row to search, choose and add; `add` gets the line, within the callback."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = st.text_input(
            _("Search a product"),
            key=f"{form}_word",
            placeholder=_("Name or SKU …"),
            icon=":material/search:",
            width=230,
        )
        found, more = _found(word or "")
        product_id = st.selectbox(
            _("Product"),
            list(found),
            index=0 if word and found else None,
            format_func=found.__getitem__,
            placeholder=_("Choose one"),
            key=f"{form}_product_{word}",
            width=320,
        )
        st.session_state.setdefault(f"{form}_quantity", "1")
        st.text_input(_("Quantity"), key=f"{form}_quantity", width=90)
        st.button(
            _("Add line"),
            icon=":material/add:",
            key=f"{form}_add",
            disabled=product_id is None,
            on_click=_add,
            args=[form, basis, add],
        )
    if more:
        words = _("The first {n} products that fit; type more to narrow them down.")
        st.caption(plain(words.format(n=number(MOST))))
    elif word and not found:
        st.caption(_("No product fits."))


def _found(word: str) -> tuple[dict[int, str], bool]:
    """Active products by id, as they are told apart; and whether there are more."""
    columns = ("name", "sku")
    query = lists.Query("product", word, ACTIVE, "name", columns)
    with db.reading(access.current()) as session:
        page = lists.page(session, query, today=today(), size=MOST)
    found = {int(row["id"]): f"{row['name']} · {row['sku']}" for row in page.rows}
    return found, page.total > MOST


def _add(form: str, basis: Basis, add: Callable[[dict[str, Any]], None]) -> None:
    """Give the line its usual price and tax; without a price, it is left open.

    It is read as it is now: arguments would be those of the run before.
    """
    quantity = ungrouped(st.session_state[f"{form}_quantity"])
    with feedback.caught():
        typed = {"product_id": inputs.picked(form, "product"), "quantity": quantity}
        line = records.valid(LineFields, typed)
        with db.reading(access.current()) as session:
            try:
                (values,) = quotes_lines.filled(session, [line], basis)
            except Invalid as error:
                if not str(error.field).endswith("unit_price"):
                    raise
                values = line.model_dump()
        add({name: _text(value) for name, value in values.items()})
        st.session_state[f"{form}_word"] = ""
        st.session_state[f"{form}_quantity"] = "1"


def _text(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value
