"""What can be done with picked customers: list them, save them, take them along."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from crm import db
from crm.errors import NotFound
from crm.i18n import _
from crm.models import Action, Analysis, Segment
from crm.ui import access
from crm.ui.customers import customers_file, segment_form, segments_view
from crm.ui.format import day, plain
from crm.ui.insight.segmentation import stored

SAVED = "segmentation_saved"  # in the session: segments by what was picked


@dataclass(frozen=True)
class Chosen:
    """Some customers of a result.

    `rows` are their positions in the stored buyers; `description` says how they
    were picked, `mark` names this very choice within the session.
    """

    title: str
    description: str
    rows: NDArray[np.intp]
    mark: str

    def name(self, shown: Analysis) -> str:
        """What a segment of them could be called."""
        return f"{self.title}, {day(shown.as_of)}"


def buttons(shown: Analysis, chosen: Chosen, *, key: str) -> None:
    """The buttons, as far as the reader has the rights."""
    actor = access.current()
    segment_id = _known(chosen)
    if segment_id or actor.may(Action.CREATE, "segment"):
        _list_button(shown, chosen, key, saved=segment_id is not None)
    if not segment_id and actor.may(Action.CREATE, "segment"):
        _save_form(shown, chosen, key)
    if actor.may(Action.EXPORT, "customer"):
        st.download_button(
            _("CSV file"),
            data=customers_file.maker(
                actor,
                lambda: stored.buyers(shown).iloc[chosen.rows],
                lambda rows: rows,
                stored.labels(shown),
            ),
            file_name=f"segmentation-{shown.as_of.isoformat()}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"{key}_csv",
            on_click="ignore",
        )


def _list_button(shown: Analysis, chosen: Chosen, key: str, *, saved: bool) -> None:
    becomes = _("They become the segment “{name}”.").format(
        name=plain(chosen.name(shown))
    )
    st.button(
        _("Show all in the customer list"),
        icon=":material/groups:",
        key=f"{key}_all",
        type="primary" if saved else "secondary",
        help=None if saved else becomes,
        on_click=_show_all,
        args=[shown, chosen],
    )


def _save_form(shown: Analysis, chosen: Chosen, key: str) -> None:
    field = f"{key}_name_{chosen.mark}"
    segment_form.popover(
        chosen.name(shown), field, f"{key}_save", partial(_save, shown, chosen)
    )


def _known(chosen: Chosen) -> int | None:
    """The segment that this choice was saved as, if it is still there."""
    saved: int | None = st.session_state.get(SAVED, {}).get(chosen.mark)
    if saved is None:
        return None
    with db.reading(access.current()) as session:
        try:
            return db.get(session, Segment, saved).id
        except NotFound:
            return None


def _save(shown: Analysis, chosen: Chosen, name: str) -> int | None:
    ids = stored.buyers(shown)["customer_id"].to_numpy()[chosen.rows]
    segment_id = segment_form.save(name, ids.tolist(), chosen.description, shown.id)
    if segment_id is not None:
        st.session_state.setdefault(SAVED, {})[chosen.mark] = segment_id
    return segment_id


def _show_all(shown: Analysis, chosen: Chosen) -> None:
    segment_id = _known(chosen) or _save(shown, chosen, chosen.name(shown))
    if segment_id is not None:
        segments_view.show_customers(segment_id)
