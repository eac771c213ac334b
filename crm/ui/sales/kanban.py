"""The board as a component: cards move by mouse, touch, keyboard or a menu."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from crm.i18n import _

HERE = Path(__file__).parents[1] / "static"

_component = st.components.v2.component(
    "crm_kanban",
    html='<div class="board"></div>',
    css=(HERE / "kanban.css").read_text("utf-8"),
    js=(HERE / "kanban.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Lane:
    """A column as it is shown; `more` labels the button below its cards, if any."""

    id: str
    title: str
    count: str
    sum: str
    color: str
    more: str = ""


@dataclass(frozen=True)
class Tile:
    """A card as it is shown, all of it plain text; `tone` colours the next step.

    `late` says in words that it has been in its stage for unusually long.
    """

    id: str
    column: str
    version: int
    title: str
    subtitle: str
    value: str
    close: str
    step: str
    tone: str
    age: str
    late: str = ""


def show(
    lanes: list[Lane],
    tiles: list[Tile],
    *,
    key: str,
    turn: int,
    disabled: bool,
    on_event: Callable[[], None],
) -> None:
    """Draw the board. `on_event` finds `moved`, `opened` or `more` in the state.

    A move shows at once. Raise `turn` to have the board drawn anew where the data is
    the same as before: a card whose move was refused goes back.
    """
    data: dict[str, Any] = {
        "columns": [asdict(lane) for lane in lanes],
        "cards": [asdict(tile) for tile in tiles],
        "words": {"move": _("Move to")},
        "turn": turn,
        "disabled": disabled,
    }
    _component(
        key=key,
        data=data,
        on_moved_change=on_event,
        on_opened_change=on_event,
        on_more_change=on_event,
    )
