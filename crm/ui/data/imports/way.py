"""The way to a new import, for pages that have nothing to show yet."""

from crm import db
from crm.i18n import _
from crm.services.imports import runs
from crm.ui import access, navigation


def is_open() -> bool:
    """Whether the user may import a file of any kind."""
    with db.reading(access.current()) as session:
        return bool(runs.targets(session))


def show() -> None:
    """A link to the page where a file comes in, for those who may import one."""
    if is_open():
        navigation.link("imports", _("Import a file"), icon=":material/upload_file:")
