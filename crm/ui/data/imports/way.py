"""The way to a new import, for pages that have nothing to show yet."""

from crm import db
from crm.i18n import _
from crm.services.imports import runs
from crm.ui import access, navigation


def show() -> None:
    """A link to the page where a file comes in, for those who may import one."""
    with db.reading(access.current()) as session:
        targets = runs.targets(session)
    if targets:
        navigation.link("imports", _("Import a file"), icon=":material/upload_file:")
