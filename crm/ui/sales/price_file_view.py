"""The prices of a list as a file: out, and in again."""

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _, ngettext
from crm.models import Action, Actor, ListPriceFields, PriceList
from crm.services import exporting, naming
from crm.services.prices import list_prices, price_files
from crm.ui import access, feedback, small_file
from crm.ui.format import number, plain


def show(row: PriceList) -> None:
    """What the user may do of it, side by side with what is drawn before."""
    actor = access.current()
    if actor.may(Action.EXPORT, "price_list"):
        st.download_button(
            _("Prices as CSV"),
            data=lambda: _written(actor, row.id),
            file_name=f"price-list-{row.id}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="prices_download",
            on_click="ignore",
        )
    if actor.may(Action.UPDATE, "price_list"):
        with st.popover(_("Prices from a file"), icon=":material/upload:"):
            _upload(row)


def _written(actor: Actor, price_list_id: int) -> bytes:
    with db.reading(actor) as session:
        content = price_files.written(session, price_list_id)
        what = naming.called(db.get(session, PriceList, price_list_id))
    with db.transaction(actor) as session:
        exporting.noted(session, what, "csv")
    return content


def _upload(row: PriceList) -> None:
    st.caption(
        _(
            "A CSV file with the columns sku, min_quantity and price. What is there of "
            "the same product and quantity gets the new price; the rest stays."
        )
    )
    file = small_file.asked(_file(row.id))
    if file is None:
        return
    with feedback.told():
        with db.reading(access.current()) as session:
            found = price_files.read(session, file.getvalue())
        if found.faults:
            told = small_file.left_out(found.faults)
            st.warning(plain(told), icon=":material/warning:")
            small_file.table(found.faults)
        count = len(found.prices)
        words = ngettext("Set {n} price", "Set {n} prices", count)
        st.button(
            words.format(n=number(count)),
            type="primary",
            key="prices_bring_in",
            disabled=not count,
            on_click=_bring_in,
            args=[row.id, found.prices],
        )


def _bring_in(price_list_id: int, prices: list[ListPriceFields]) -> None:
    words = ngettext("{n} price is set.", "{n} prices are set.", len(prices))
    done = words.format(n=number(len(prices)))
    if feedback.run(done, _put, price_list_id, prices):
        small_file.taken(_file(price_list_id))


def _put(session: Session, price_list_id: int, prices: list[ListPriceFields]) -> bool:
    list_prices.put(session, price_list_id, prices)
    return True


def _file(price_list_id: int) -> str:
    return f"prices_file_{price_list_id}"
