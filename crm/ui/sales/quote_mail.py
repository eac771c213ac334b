"""Send a quote by mail: to whom, with which words, in a dialog."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Quote, utcnow
from crm.services import records
from crm.services.documents import quotes, quotes_paper, quotes_sending
from crm.services.documents.quotes_sending import LetterFields
from crm.services.mail import mail
from crm.ui import access, feedback
from crm.ui.format import plain

WANTED = "_quote_mail"


def want(quote_id: int, version: int) -> None:
    """For callbacks: have the next run ask to whom the quote goes."""
    st.session_state[WANTED] = (quote_id, version)


def ask_if_wanted() -> None:
    """The dialog, while a quote waits for its letter."""
    if (wanted := st.session_state.get(WANTED)) is None:
        return
    with feedback.told(), db.reading(access.current()) as session:
        row = quotes.quote(session, wanted[0])
        to = quotes_paper.address(session, row)
        subject, body = quotes_paper.letter(session, row)

        @st.dialog(_("Send by mail"), width="medium", on_dismiss=_forget)
        def dialog() -> None:
            if WANTED not in st.session_state:  # sent: the dialog alone ran again
                st.rerun()
            _form(row, to, subject, body)
            feedback.say()

        dialog()


def _form(row: Quote, to: str | None, subject: str, body: str) -> None:
    key = f"quote_mail_{row.id}_{row.version}_{{}}".format
    address = st.text_input(_("To"), to or "", key=key("to"))
    st.text_input(_("Subject"), subject, key=key("subject"))
    st.text_area(_("Text"), body, height=260, key=key("body"))
    attached = _("Attached: {file}").format(file=quotes_paper.file_name(row))
    st.caption(plain(attached))
    if not mail.is_set_up():
        words = _("Mail is not set up here. Send the PDF yourself and mark it as sent.")
        st.warning(plain(words), icon=":material/mail_off:")
    st.button(
        _("Send"),
        type="primary",
        icon=":material/send:",
        key=key("send"),
        disabled=not mail.is_set_up() or not address.strip(),
        on_click=_send,
        args=[row.number, key],
    )


def _send(number: str, key: Callable[[str], str]) -> None:
    """Write the mail into the outbox, and note that the quote was sent.

    It goes as the form stands now: arguments would be those of the run before.
    """
    if (wanted := st.session_state.get(WANTED)) is None:
        return
    boxes = {"to_address": "to", "subject": "subject", "body": "body"}
    given = {name: st.session_state[key(box)] for name, box in boxes.items()}
    quote_id, version = wanted
    with feedback.caught():
        with db.reading(access.current()) as session:
            file = quotes_paper.pdf(session, quotes.quote(session, quote_id))
        done = _("Quote {number} is on its way.").format(number=number)
        if feedback.run(done, _sent, quote_id, version, given, file):
            _forget()


def _sent(
    session: Session,
    quote_id: int,
    version: int,
    given: dict[str, str],
    file: tuple[str, bytes],
) -> Quote:
    form = records.valid(LetterFields, given)
    return quotes_sending.send(
        session, quote_id, form, file, at=utcnow(), version=version
    )


def _forget() -> None:
    st.session_state.pop(WANTED, None)
