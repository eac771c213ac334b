"""The model card: what was made by what."""

from typing import Any

import streamlit as st

from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import day, moment, number, plain
from crm.ui.sales.win_chance import words


def show(shown: Analysis) -> None:
    """In an expander; nothing where nothing was learned."""
    if not shown.summary["best"]:
        return
    with st.expander(_("Model card"), icon=":material/badge:"):
        for title, told in _lines(shown, shown.summary["card"]):
            st.markdown(f"- **{plain(_(title))}**: {plain(told)}")


def _lines(shown: Analysis, card: dict[str, Any]) -> list[tuple[str, str]]:
    counts, best = shown.summary["counts"], shown.summary["best"]
    rows = {name: number(counts[name][0]) for name in ("learned", "judged")}
    features = [_(words.FEATURE_NAMES[name]) for name in card["features"]]
    spent = [
        f"{_(words.MODELS[name])} {seconds:.1f}"
        for name, seconds in card["seconds"].items()
    ]
    versions = [f"{name} {one}" for name, one in card["libraries"].items()]
    trees = card["settings"]["boosting"]
    given = [f"{name} {one}" for name, one in trees.items()]
    told = _("{learned} learned, {judged} judged, {scored} open")
    return [
        (DATA, f"{day(shown.as_of)}; {moment(shown.data_at)}"),
        (ROWS, told.format(**rows, scored=number(counts["open"]))),
        (FEATURES, "; ".join(features) or "–"),
        (USED, _(words.MODELS[best])),
        (SECONDS, "; ".join(spent)),
        (BOOSTING, ", ".join(given)),
        (PROGRAM, f"Clientele {card['program']}, Python {card['python']}"),
        (LIBRARIES, ", ".join(versions)),
        (FOR, _(PURPOSE)),
    ]


DATA = N_("Day of the analysis, and of the data")
ROWS = N_("Opportunities")
FEATURES = N_("Features in use")
USED = N_("Model in use")
SECONDS = N_("Seconds to learn, once")
BOOSTING = N_("Settings of gradient boosting")
PROGRAM = N_("Program")
LIBRARIES = N_("Libraries")
FOR = N_("Meant for")
PURPOSE = N_(
    "choosing what to look after first and for a first look at the pipeline; not for "
    "judging salespeople, and not for promising a date"
)
