"""A new import: the file comes in, and what it holds is guessed or asked."""

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from crm import db
from crm.config import settings
from crm.errors import CRMError
from crm.i18n import N_, _
from crm.models import Actor
from crm.services.imports import runs
from crm.ui import access, feedback, navigation
from crm.ui.data.imports import words
from crm.ui.format import number, plain

ROUND = "import_round"  # counts the files taken: each is followed by a fresh uploader
HELD = "import_held"  # a stored file whose import has not begun
REFUSED = "import_refused"
UNKNOWN = N_("“{name}” is here. Its header does not tell what it holds: choose.")

NOT_PEOPLE = N_(
    "A list of users or teams cannot be imported, as each user signs in: invite them "
    "instead. Where a file of customers, leads or opportunities names them, they can "
    "be matched as owners."
)


def new() -> bool:
    """The place to drop a file; whether there is one: the actor may import."""
    with db.reading(access.current()) as session:
        targets = [one.name for one in runs.targets(session)]
    if not targets:
        st.info(_("You do not have the right to import."), icon=":material/block:")
        return False
    with st.container(border=True, key="import_new"):
        file = _uploader()
        words = _("At most {limit} MB; a larger file is refused. Split it.")
        st.caption(plain(words.format(limit=number(settings().max_upload_mb))))
        if file is not None:
            _take(file)
        if refused := st.session_state.pop(REFUSED, None):
            st.error(plain(refused), icon=":material/block:")
        if (held := st.session_state.get(HELD)) is not None:
            _ask(held, targets)
    return True


def _uploader() -> Any:
    return st.file_uploader(
        _("CSV or XLSX file"),
        key=f"import_file_{st.session_state.setdefault(ROUND, 0)}",
        max_upload_size=settings().max_upload_mb,
    )


def _take(file: Any) -> None:
    """Store the file, once, however often the script runs; or say why not."""
    try:
        with st.spinner(_("The file is being looked at …")):
            st.session_state[HELD] = _stored(file.file_id, access.current(), file)
    except CRMError as error:
        st.session_state[REFUSED] = f"{file.name}: {error}"
    st.session_state[ROUND] += 1
    _release(file)
    st.rerun()


def _ask(upload: runs.Upload, targets: list[str]) -> None:
    """What the file holds: as its header tells, to be put right; then the way on."""
    said = _("“{name}” is here.") if upload.likely else _(UNKNOWN)
    st.markdown(plain(said.format(name=upload.file_name)))
    if not upload.likely:
        st.caption(plain(_(NOT_PEOPLE)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        target = st.selectbox(
            _("What does it hold?"),
            targets,
            index=targets.index(upload.likely) if upload.likely in targets else None,
            placeholder=_("Choose"),
            format_func=words.target,
            key=f"import_target_{upload.file_key}",
            width=260,
        )
        st.button(
            _("Next: look at the rows"),
            type="primary",
            icon=":material/arrow_forward:",
            key="import_begin",
            disabled=target is None,
            on_click=_begin,
            args=[upload],
        )


def _begin(upload: runs.Upload) -> None:
    """For a callback: begin the import, once, and open its page."""
    actor, begun = access.current(), None
    target = st.session_state[f"import_target_{upload.file_key}"]
    with feedback.caught():
        begun = _begun(upload.file_key, target, actor, upload)
    st.session_state.pop(HELD, None)
    if begun is not None:
        navigation.go("import", id=begun)


@st.cache_resource(scope="session", show_spinner=False, max_entries=20)
def _stored(file_id: str, _actor: Actor, _file: Any) -> runs.Upload:  # noqa: ARG001  (what the cache goes by)
    return runs.upload(_actor, _file, _file.name)


@st.cache_resource(scope="session", show_spinner=False, max_entries=20)
def _begun(file_key: str, target: str, _actor: Actor, _upload: runs.Upload) -> int:  # noqa: ARG001  (what the cache goes by)
    with db.transaction(_actor) as session:
        return runs.start(session, _upload, target).id


def _release(file: Any) -> None:
    """Let go of the upload, which would stay in memory as long as the tab is open."""
    context = get_script_run_ctx()
    manager: Any = context.uploaded_file_mgr if context else None
    if context and hasattr(manager, "remove_file"):  # as st.chat_input does
        manager.remove_file(context.session_id, file.file_id)
