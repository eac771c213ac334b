"""What can be done about an invoice: print, send, note a payment, credit."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import Action, Actor, Invoice, InvoiceKind, OutgoingMail
from crm.services.days import today
from crm.services.documents import invoices, invoices_paper
from crm.services.documents.invoice_fields import InvoiceState, state_of
from crm.services.mail import mail
from crm.ui import access, feedback
from crm.ui.sales import invoice_credit, payment_form


def show(one: Invoice) -> None:
    """The buttons, as far as the user has the right and the state lets them."""
    actor = access.current()
    is_invoice = one.kind is InvoiceKind.INVOICE
    with st.container(horizontal=True):
        if is_invoice and actor.may(Action.CREATE, "payment"):
            payment_form.show(one)
        st.download_button(
            _("PDF"),
            data=_pdf(actor, one.id),
            file_name=f"{one.number}.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            key="invoice_pdf",
            on_click="ignore",
        )
        if actor.may(Action.CREATE, "outgoing_mail"):
            _send(one)
        is_credited = state_of(one, today()) is InvoiceState.CREDITED
        may = actor.may(Action.CREATE, "invoice")
        if is_invoice and may and not is_credited:
            invoice_credit.button(_("Credit"), key="invoice_credit")
    invoice_credit.show([one])


def _pdf(actor: Actor, invoice_id: int) -> Callable[[], bytes]:
    """A function that makes the file; it runs outside the page, on the click."""

    def made() -> bytes:
        with db.reading(actor) as session:
            row = invoices.invoice(session, invoice_id)
            return invoices_paper.pdf(session, row)[1]

    return made


def _send(one: Invoice) -> None:
    with st.popover(_("Send by mail"), icon=":material/mail:"):
        with db.reading(access.current()) as session:
            subject, body = invoices_paper.letter(session, one)
        key = f"send_{one.id}_{{}}".format
        st.text_input(_("To"), one.customer.email or "", key=key("to"))
        st.text_input(_("Subject"), subject, key=key("subject"))
        st.text_area(_("Text"), body, height=200, key=key("body"))
        if not mail.is_set_up():
            st.caption(_("Mail is not set up: an administrator does it in Settings."))
        st.button(
            _("Send"),
            type="primary",
            key=key("save"),
            disabled=not mail.is_set_up(),
            on_click=_save,
            args=[one.id, key],
        )


def _save(invoice_id: int, key: Callable[[str], str]) -> None:
    """Send what the form holds now: arguments would be those of the run before."""
    to, *words = (st.session_state[key(box)] for box in ("to", "subject", "body"))
    done = _("The invoice is on its way to {address}.").format(address=to)
    with feedback.caught():
        with db.reading(access.current()) as session:
            file = invoices_paper.pdf(session, invoices.invoice(session, invoice_id))
        feedback.run(done, _queue, invoice_id, to, (words[0], words[1]), file)
        st.session_state.pop(feedback.UNDO, None)


def _queue(
    session: Session,
    invoice_id: int,
    to: str,
    words: tuple[str, str],
    file: tuple[str, bytes],
) -> OutgoingMail:
    row = invoices.invoice(session, invoice_id)
    subject, body = words
    return mail.queue(
        session,
        to_address=to,
        subject=subject,
        body=body,
        customer_id=row.customer_id,
        invoice_id=row.id,
        attachment=file,
    )
