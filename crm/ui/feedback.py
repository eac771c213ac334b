"""Run a use case from a page and tell the user how it went, with a way back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st
from sqlmodel import Session

from crm import db
from crm.errors import CRMError, NotFound, Stale
from crm.i18n import _
from crm.models import Reason
from crm.services import naming, recycle_bin
from crm.ui import access, navigation
from crm.ui.format import plain

P = ParamSpec("P")
Result = TypeVar("Result")

FLASH, UNDO = "_flash", "_undo"


def perform(
    done: str,
    use_case: Callable[Concatenate[Session, P], Result],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Result | None:
    """Run `use_case` in a transaction; say `done`, or the error, on the next run.

    For callbacks and for code that reruns afterwards. The change can be undone from
    the bar that the next run shows. Returns what the use case does, None on error.
    """
    return run(done, use_case, *args, reason=Reason.EDIT, **kwargs)  # type: ignore[arg-type]  # `reason` is ours


def run(
    done: str | Callable[[Any], str],
    use_case: Callable[..., Result],
    *args: Any,
    reason: Reason = Reason.EDIT,
    note: str | None = None,
    **kwargs: Any,
) -> Result | None:
    """As `perform`, for any reason of the change log.

    `done` may be made of what the use case returned.
    """
    try:
        with db.transaction(access.current(), reason=reason, note=note) as session:
            result = use_case(session, *args, **kwargs)
    except CRMError as error:
        flash(str(error), kind="error", stale=isinstance(error, Stale))
        return None
    saved(done if isinstance(done, str) else done(result), session)
    return result


def saved(done: str, session: Session) -> None:
    """Say `done` on the next run, and offer to undo what `session` has committed."""
    flash(done)
    if operation := db.operation_of(session):
        st.session_state[UNDO] = {"operation": operation, "done": done}


def flash(text: str, *, kind: str = "success", stale: bool = False) -> None:
    """Say `text` (plain, as typed) at the top of the next run."""
    st.session_state.setdefault(FLASH, []).append((kind, text, stale))


def show_flash() -> None:
    """Say what the run before this one had to say, and offer to undo it.

    What went wrong stays at the top, and passes by as well: who has scrolled down to
    a button does not see the top.
    """
    told = st.session_state.get(FLASH, [])
    wrong = [text for kind, text, _stale in told if kind != "success"]
    say()
    for text in wrong:
        st.toast(plain(text), icon=":material/block:")
    if offer := st.session_state.get(UNDO):
        _undo_bar(offer)


def say() -> None:
    """The same without the offer: for dialogs, which run again without the page."""
    for kind, text, stale in st.session_state.pop(FLASH, []):
        if kind == "success":
            st.toast(plain(text), icon=":material/check:")
        else:
            hint = _("Look at the record as it is now, then change it again.")
            st.error(
                plain(text) + (f"  \n{hint}" if stale else ""), icon=":material/block:"
            )


def foot() -> Any:
    """The end of a form in a dialog, for its button: it stays in view, however long the
    form is (`crm.ui.frame` sees to it), and says what the run before had to say.
    """
    place = st.container(key="form_foot")
    with place:
        say()
    return place


@contextmanager
def told() -> Iterator[None]:
    """Show an expected failure of the block on the page, in words."""
    try:
        yield
    except NotFound as error:
        if not _in_bin(error):
            st.error(plain(error), icon=":material/block:")
    except CRMError as error:
        st.error(plain(error), icon=":material/block:")


def _in_bin(error: NotFound) -> bool:
    """Say that what was looked for lies in the recycle bin, and show the way there.

    Returns whether it does, as far as the user may see it.
    """
    with db.reading(access.current()) as session:
        if (row := recycle_bin.find(session, error.entity, error.key)) is None:
            return False
        said = _("{record} is in the recycle bin.").format(record=naming.called(row))
    st.warning(plain(said), icon=":material/delete:")
    navigation.link(
        "recycle_bin",
        _("Recycle bin"),
        icon=":material/restore_from_trash:",
        bin_entity=row.__tablename__,
    )
    return True


@contextmanager
def caught() -> Iterator[None]:
    """For callbacks: say an expected failure of the block on the next run."""
    try:
        yield
    except CRMError as error:
        flash(str(error), kind="error", stale=isinstance(error, Stale))


def empty(text: str, hint: str, *, icon: str = "inbox") -> Any:
    """What a page shows when it has nothing: why, and what to do next.

    Returns the container, to put a button into.
    """
    box = st.container(
        border=True,
        horizontal_alignment="center",
        key=f"empty_{icon}",
    )
    box.markdown(f":material/{icon}:", text_alignment="center")
    box.markdown(f"**{plain(text)}**", text_alignment="center")
    box.caption(plain(hint), text_alignment="center")
    return box


def _undo_bar(offer: dict[str, Any]) -> None:
    with st.container(
        horizontal=True, vertical_alignment="center", border=True, key="undo_bar"
    ):
        st.markdown(plain(offer["done"]), width="stretch")
        st.button(
            _("Undo"),
            icon=":material/undo:",
            on_click=undo,
            args=[offer["operation"]],
            key="undo_button",
        )
        st.button(
            _("Dismiss"),
            icon=":material/close:",
            type="tertiary",
            on_click=_dismiss,
            key="undo_dismiss",
        )


def undo(operation_id: int) -> None:
    """For callbacks: take an operation back, and say what could not be."""
    from crm.services import undo as service

    st.session_state.pop(UNDO, None)
    try:
        with db.transaction(access.current(), reason=Reason.UNDO) as session:
            undone = service.undo(session, operation_id)
    except CRMError as error:
        flash(str(error), kind="error")
        return
    flash(_("Undone."))
    for reason in undone.skipped:
        flash(str(reason), kind="error")


def _dismiss() -> None:
    st.session_state.pop(UNDO, None)
