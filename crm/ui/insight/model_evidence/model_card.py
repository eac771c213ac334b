"""The model card: what was made by what."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from crm.i18n import _
from crm.models import Analysis
from crm.ui.format import day, moment, plain

Line = tuple[str, str]
"""A title and what is said under it, both in the reader's language."""


def show(
    shown: Analysis, own: Sequence[Line], models: Mapping[str, str], purpose: str
) -> None:
    """In an expander.

    Args:
        own: what only this card says: rows, features, perhaps more.
        models: what each is called, to be translated.
        purpose: what it is meant for, and what not, to be translated.
    """
    card: dict[str, Any] = shown.summary["card"]
    lines = [
        (
            _("Day of the analysis, and of the data"),
            f"{day(shown.as_of)}; {moment(shown.data_at)}",
        ),
        *own,
        *_learned(card, models),
        *_versions(card),
        (_("Meant for"), _(purpose)),
    ]
    with st.expander(_("Model card"), icon=":material/badge:"):
        for title, told in lines:
            st.markdown(f"- **{plain(title)}**: {plain(told)}")


def features(shown: Analysis, names: Mapping[str, str]) -> Line:
    """Those in use; `names` are to be translated."""
    used = [_(names[name]) for name in shown.summary["card"]["features"]]
    return _("Features in use"), "; ".join(used) or "–"


def _learned(card: dict[str, Any], models: Mapping[str, str]) -> list[Line]:
    seconds: dict[str, float] = card["seconds"]
    spent = [f"{_(models[name])} {one:.1f}" for name, one in seconds.items()]
    lines = [(_("Seconds to learn, once"), "; ".join(spent))]
    if "boosting" in seconds:
        given = [f"{name} {one}" for name, one in card["settings"]["boosting"].items()]
        lines.append((_("Settings of gradient boosting"), ", ".join(given)))
    return lines


def _versions(card: dict[str, Any]) -> list[Line]:
    libraries = [f"{name} {one}" for name, one in card["libraries"].items()]
    return [
        (_("Program"), f"Clientele {card['program']}, Python {card['python']}"),
        (_("Libraries"), ", ".join(libraries)),
    ]
