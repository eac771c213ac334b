"""Lines of a document, edited as a table: products are searched for, sums are live.

What the table sends is never trusted: only the cells that can be written into count,
and a service checks their values. Until saved, the lines are plain data as
`LineFields` takes it, kept by whoever draws the editor (see `on_change`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st
from babel.numbers import get_currency_precision
from sqlmodel import Session

from crm import db
from crm.errors import CRMError
from crm.i18n import _
from crm.models import QuoteLine
from crm.services import field_labels
from crm.services.documents import quotes_lines
from crm.services.documents.quotes_lines import Basis
from crm.services.prices.pricing import Totals
from crm.ui import access
from crm.ui.format import cell, plain
from crm.ui.sales import line_search, line_totals
from crm.ui.sales.line_cells import NUMBERS, Line, applied, removed, shown

Keep = Callable[[], None]
Names = dict[int, tuple[str, str]]  # name and SKU


def begin(form: str, lines: Sequence[Line]) -> None:
    """Fill the editor of `form` with `lines`."""
    turn = _state(form)["turn"] + 1
    st.session_state[f"{form}_lines"] = {"base": list(lines), "turn": turn}


def current(form: str) -> list[Line]:
    """The lines as they stand in the editor of `form` now."""
    return applied(_state(form)["base"], _edited(form))


def show(form: str, basis: Basis, *, on_change: Keep) -> None:
    """Draw the search for products, the table and the sums.

    `on_change` is called after every change, to keep `current`.
    """
    _take_out(form, on_change)
    lines = current(form)
    line_search.show(form, basis, lambda line: _add(form, line, on_change))
    with db.reading(access.current()) as session:
        made, sums, trouble = _worked_out(session, lines, basis)
        ids = [line["product_id"] for line in _state(form)["base"]]
        names = quotes_lines.names(session, ids)
    if not lines:
        st.caption(_("No lines yet. Search a product above and add it."))
        return
    _grid(form, names, made, basis.currency, on_change)
    if trouble:
        st.error(plain(trouble), icon=":material/block:")
    line_totals.show(sums, basis.currency)


def _grid(
    form: str, names: Names, made: Sequence[QuoteLine], currency: str, keep: Keep
) -> None:
    base, missing = _state(form)["base"], ("–", "–")
    amounts = [cell(line.amount) for line in made] or [None] * len(base)
    rows = [
        {
            "product": names.get(line["product_id"], missing)[0],
            **{name: shown(name, line.get(name)) for name in NUMBERS},
            "amount": amount,
            "remove": False,
            "description": line.get("description") or "",
            "sku": names.get(line["product_id"], missing)[1],
        }
        for line, amount in zip(base, amounts, strict=True)
    ]
    frame = pd.DataFrame(rows).astype(dict.fromkeys((*NUMBERS, "amount"), "float64"))
    st.data_editor(
        frame,
        key=_key(form),
        num_rows="fixed",
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        disabled=["product", "sku", "amount"],
        column_config=_columns(currency),
        placeholder="",
        on_change=keep,
        alt=_("Lines"),
    )


def step(currency: str, amounts: Iterable[Decimal] = ()) -> float:
    """The step in which a table shows `amounts`: cents, or finer where they are."""
    places = [get_currency_precision(currency)]
    places += [-int(amount.normalize().as_tuple().exponent) for amount in amounts]
    return float(Decimal(1).scaleb(-max(places)))


def _columns(currency: str) -> dict[str, Any]:
    kinds = st.column_config
    number: Any = kinds.NumberColumn
    usual = _("Left empty, the usual one.")
    percent = {"min_value": 0, "max_value": 100}
    return {
        "product": kinds.TextColumn(_("Product"), pinned=True, width="medium"),
        "quantity": number(_("Quantity"), format="localized", width=90),
        "unit_price": number(
            _("Unit price"), format="localized", width=110, help=usual
        ),
        "discount": number(_("Discount %"), format="localized", width=100, **percent),
        "tax_rate": number(
            _("Tax %"), format="localized", width=80, help=usual, **percent
        ),
        "amount": number(
            _("Amount"), format="localized", step=step(currency), width=110
        ),
        "remove": kinds.CheckboxColumn(_("Remove"), width=80),
        "description": kinds.TextColumn(_("Description"), width="medium"),
        "sku": kinds.TextColumn(_("SKU"), width=110),
    }


def _take_out(form: str, keep: Keep) -> None:
    """Let the lines go that are ticked; what was typed into others stays."""
    base, edited = _state(form)["base"], _edited(form)
    if gone := removed(base, edited):
        lines = applied(base, edited)
        begin(form, [line for at, line in enumerate(lines) if at not in gone])
        keep()


def _add(form: str, line: Line, keep: Keep) -> None:
    begin(form, [*current(form), line])
    keep()


def _worked_out(
    session: Session, lines: Sequence[Line], basis: Basis
) -> tuple[list[QuoteLine], Totals | None, str | None]:
    """The lines with their amounts, and the sums; else why not, in words."""
    try:
        return *quotes_lines.worked_out(session, QuoteLine, lines, basis), None
    except CRMError as error:
        return [], None, told(error)


def told(error: CRMError) -> str:
    """What is wrong with a line, with its number and the heading of its column."""
    words, place = str(error), str(getattr(error, "field", None) or "")
    parts = place.split(".")
    if len(parts) < 3 or parts[0] != "lines" or not parts[1].isdecimal():
        return words
    labels = {
        "quantity": _("Quantity"),
        "unit_price": _("Unit price"),
        "discount": _("Discount %"),
        "tax_rate": _("Tax %"),
        "description": _("Description"),
    }
    heading = labels.get(parts[2], field_labels.label(parts[2]))
    words = words.replace(field_labels.place(place), heading)
    line = _("Line {n}: {reason}")
    return line.format(n=int(parts[1]) + 1, reason=words)


def _state(form: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"base": [], "turn": 0}
    held: dict[str, Any] = st.session_state.get(f"{form}_lines", empty)
    return held


def _key(form: str) -> str:
    return f"{form}_grid_{_state(form)['turn']}"


def _edited(form: str) -> Any:
    held = st.session_state.get(_key(form))
    return held.get("edited_rows") if isinstance(held, Mapping) else None
