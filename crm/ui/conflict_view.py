"""Two have changed one record: what it held, what it holds now, what was typed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from crm.i18n import _
from crm.services.changes import Editor
from crm.services.fields import Field
from crm.ui.format import day, moment, plain


@dataclass
class Conflict:
    """What somebody else has saved since a form was opened.

    `clashing` has the fields that both have changed, as they were when the form was
    opened and as they are now; `adopted` those that only the other one has changed.
    """

    editor: Editor | None
    clashing: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    adopted: dict[str, Any] = field(default_factory=dict)


def tell(conflict: Conflict, fields: dict[str, Field]) -> None:
    """Who it was, and which fields to look at; `at_field` says more beside these."""
    said = [_happened(conflict.editor)]
    for names, words in (
        (conflict.clashing, _("Look at what you have both changed: {fields}.")),
        (conflict.adopted, _("Changed meanwhile: {fields}.")),
    ):
        if names:
            labels = [_(fields[name].label) for name in names]
            said.append(words.format(fields=", ".join(labels)))
    st.warning(plain(" ".join(said)), icon=":material/difference:")


def at_field(
    conflict: Conflict,
    field: Field,
    known: dict[Any, str],
    typed: Any,
    take: Callable[[str], None],
) -> None:
    """What has become of a field, below it; `take` gives up what was typed there."""
    name = field.name
    if name in conflict.adopted:
        words = _("{field} is now “{value}”.").format(
            field=_(field.label), value=_shown(conflict.adopted[name], known)
        )
        st.caption(plain(words))
    if name not in conflict.clashing:
        return
    opened, now = conflict.clashing[name]
    versions = {_("When you opened it"): opened, _("Now"): now, _("Yours"): typed}
    with st.container(border=True, key=f"form_conflict_{name}"):
        for place, (label, value) in zip(st.columns(3), versions.items(), strict=True):
            place.caption(label)
            place.text(_shown(value, known))
        st.button(
            _("Take what is there now"),
            key=f"form_take_{name}",
            on_click=take,
            args=[name],
        )


def _happened(editor: Editor | None) -> str:
    if editor is None:
        said = _("Somebody has changed this record since you opened it.")
    else:
        said = _("{who} has changed this record since you opened it: {when}.").format(
            who=editor.name, when=moment(editor.at)
        )
    return said + " " + _("Nothing was saved. Saving again keeps what you typed.")


def _shown(value: Any, known: dict[Any, str]) -> str:
    """A value as text; `known` are the choices with their names."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(str(known.get(one, one)) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(known.get(value, value))
