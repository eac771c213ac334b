"""The model card: what was made by what."""

from typing import Any

import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import day, moment, number, plain
from crm.ui.insight.churn import words


def show(shown: Analysis) -> None:
    """In an expander; nothing for results that have none."""
    card: dict[str, Any] | None = shown.summary.get("card")
    if card is None:
        return
    with st.expander(_("Model card"), icon=":material/badge:"):
        for title, told in _lines(shown, card):
            st.markdown(f"- **{plain(_(title))}**: {plain(told)}")


def _lines(shown: Analysis, card: dict[str, Any]) -> list[tuple[str, str]]:
    rows = {name: number(count) for name, count in card["rows"].items()}
    features = [_(words.FEATURE_NAMES[name]) for name in card["features"]]
    spent = [
        f"{_(words.MODELS[name])} {seconds:.1f}"
        for name, seconds in card["seconds"].items()
    ]
    versions = [f"{name} {one}" for name, one in card["libraries"].items()]
    trees = card["settings"]["boosting"]
    given = [f"{name} {one}" for name, one in trees.items()]
    lines = [
        (DATA, f"{day(shown.as_of)}; {moment(shown.data_at)}"),
        (ROWS, _("{learned} learned, {judged} judged, {scored} scored").format(**rows)),
        (FEATURES, "; ".join(features)),
        (SECONDS, "; ".join(spent)),
        (BOOSTING, ", ".join(given) if "boosting" in card["seconds"] else ""),
        (PROGRAM, f"Clientele {card['program']}, Python {card['python']}"),
        (LIBRARIES, ", ".join(versions)),
        (FOR, _(PURPOSE)),
    ]
    return [(title, told) for title, told in lines if told]


DATA = N_("Day of the analysis, and of the data")
ROWS = N_("Customers")
FEATURES = N_("Features in use")
SECONDS = N_("Seconds to learn, once")
BOOSTING = N_("Settings of gradient boosting")
PROGRAM = N_("Program")
LIBRARIES = N_("Libraries")
FOR = N_("Meant for")
PURPOSE = N_(
    "choosing whom to look after first; not for deciding prices or terms for a person, "
    "and not for what lies beyond the horizon"
)
