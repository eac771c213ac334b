"""Write a quote, or change a draft; what is typed and not saved survives."""

from datetime import date
from uuid import uuid4

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.db.plain import plain as json_value
from crm.i18n import LANGUAGES, _
from crm.models import Quote, QuoteFields
from crm.services import changes, drafts, idempotency, records
from crm.services.days import today
from crm.services.documents import quotes, quotes_lines
from crm.services.prices.pricing import currency_code
from crm.ui import access, day_input, feedback, navigation
from crm.ui.format import plain
from crm.ui.sales import line_editor, quote_choices, quote_draft

Values = quote_draft.Values


def edit(quote: Quote) -> None:
    """The form of a draft (with its lines)."""
    held = {name: json_value(getattr(quote, name)) for name in quote_draft.FIELDS}
    lines = [quotes_lines.plain(line) for line in quote.lines]
    held["lines"] = [
        {name: json_value(value) for name, value in line.items()} for line in lines
    ]
    form = f"quote_{quote.id}"
    quote_draft.begin(
        form, held | {"customer_id": quote.customer_id, "version": quote.version}
    )
    began = st.session_state[f"{form}_kept"]["version"]
    if began != quote.version:
        _warn(quote)
    _draw(form, quote.customer_id, quote)


def new(proposal: Values) -> None:
    """The form of a new quote, which begins with `proposal`."""
    about = f"{proposal['customer_id']}_{proposal['opportunity_id'] or ''}"
    form = f"quote_new_{about}"
    quote_draft.begin(form, proposal | {"key": uuid4().hex})
    _draw(form, proposal["customer_id"], None)


def _draw(form: str, customer_id: int, quote: Quote | None) -> None:
    if st.session_state[f"{form}_kept"]["is_draft"]:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = _("What you had typed and not saved is here again.")
            st.caption(plain(words), width="content")
    with db.reading(access.current()) as session:
        choices = quote_choices.read(session, customer_id, _day(form))
    navigation.link(
        "customer", choices.customer, icon=":material/person:", id=customer_id
    )
    key = f"{form}_{{}}".format
    with st.grid(4, min_column_width=170):
        quote_choices.pick(
            _("Contact"), choices.contacts, form, "contact_id", quote_draft.keep
        )
        quote_choices.pick(
            _("Opportunity"),
            choices.opportunities,
            form,
            "opportunity_id",
            quote_draft.keep,
        )
        quote_choices.pick(
            _("Price list"), choices.price_lists, form, "price_list_id", _listed
        )
        st.text_input(
            _("Currency"),
            key=key("currency"),
            on_change=quote_draft.keep,
            args=[form],
        )
        day_input.date_input(
            _("Date"), key=key("issued_on"), on_change=quote_draft.keep, args=[form]
        )
        day_input.date_input(
            _("Valid until"),
            key=key("valid_until"),
            on_change=quote_draft.keep,
            args=[form],
        )
        st.selectbox(
            _("Language"),
            list(LANGUAGES),
            index=list(LANGUAGES).index(quote_draft.start(form, "language") or "en"),
            format_func=LANGUAGES.__getitem__,
            key=key("language"),
            on_change=quote_draft.keep,
            args=[form],
        )
        quote_choices.pick(
            _("Owner"), choices.owners, form, "owner_id", quote_draft.keep
        )
    _text(_("Text above the lines"), key("intro"), form)
    st.subheader(_("Lines"))
    with feedback.told():
        _lines(form)
    _text(_("Terms"), key("terms"), form)
    _buttons(form, quote)


def _lines(form: str) -> None:
    state = st.session_state
    code = currency_code(state[f"{form}_currency"].strip() or None)
    with db.reading(access.current()) as session:
        basis = quotes.basis(session, code, quote_draft.held(form, "price_list_id"))
    line_editor.show(form, basis, on_change=lambda: quote_draft.keep(form))


def _text(label: str, key: str, form: str) -> None:
    st.text_area(
        label,
        key=key,
        height=90,
        on_change=quote_draft.keep,
        args=[form],
    )


def _buttons(form: str, quote: Quote | None) -> None:
    with st.container(horizontal=True):
        st.button(
            _("Save"),
            type="primary",
            key=f"{form}_save",
            on_click=_save,
            args=[form, quote.id if quote else None, quote.version if quote else None],
        )
        st.button(
            _("Discard"),
            key=f"{form}quote_draft.discard",
            on_click=quote_draft.discard,
            args=[form, quote.id if quote else None],
        )


def _warn(quote: Quote) -> None:
    """Say that somebody else has saved in the meantime."""
    with db.reading(access.current()) as session:
        editor = changes.last_editor(session, "quote", quote.id)
    words = _("{who} has changed this quote since you began; saving replaces it.")
    who = editor.name if editor else _("Somebody")
    st.warning(plain(words.format(who=who)), icon=":material/group:")


def _listed(form: str) -> None:
    """A price list brings its currency along."""
    with db.reading(access.current()) as session:
        code = quote_choices.currency_of(
            session, quote_draft.held(form, "price_list_id")
        )
    if code:
        st.session_state[f"{form}_currency"] = code
    quote_draft.keep(form)


def _save(form: str, quote_id: int | None, version: int | None) -> None:
    """Save once, however often the button is clicked."""
    kept = st.session_state.get(f"{form}_kept")
    if kept is None:
        return
    if quote_id is None:
        made = feedback.run(_named, _create, form, kept, quote_draft.typed(form))
    else:
        made = feedback.run(
            _("Saved."), _update, form, quote_id, quote_draft.typed(form), version
        )
    if made:
        quote_draft.forget(form)
        navigation.go("quote", id=made.id)


def _named(made: Quote) -> str:
    return _("Quote {number} is written.").format(number=made.number)


def _create(session: Session, form: str, kept: Values, typed: Values) -> Quote:
    """The quote that this form has made, now or by an earlier click."""
    data = typed | {"customer_id": kept["customer_id"]}

    def make() -> Quote:
        made = quotes.create(session, records.valid(QuoteFields, data), on=today())
        drafts.drop(session, form)
        return made

    request = {"form": "quote"} | data
    return idempotency.made_once(session, kept["key"], request, Quote, make)


def _update(
    session: Session, form: str, quote_id: int, typed: Values, version: int | None
) -> Quote:
    row = quotes.update(session, quote_id, typed, version=version)
    drafts.drop(session, form)
    return row


def _day(form: str) -> date:
    return st.session_state.get(f"{form}_issued_on") or today()
