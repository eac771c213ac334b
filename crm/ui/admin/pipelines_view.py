"""The parts of the page for pipelines."""

from decimal import Decimal

import streamlit as st

from crm import db
from crm.i18n import N_, _
from crm.models import Pipeline, Stage, StageKind
from crm.services.sales import pipeline_setup, pipelines
from crm.services.sales.opportunity_fields import GATES, OPPORTUNITY_FIELDS, STATES
from crm.services.sales.pipeline_setup import StageForm
from crm.ui import access, address, feedback
from crm.ui.format import percent, plain

COLORS = {
    "gray": N_("Gray"),
    "blue": N_("Blue"),
    "violet": N_("Violet"),
    "orange": N_("Orange"),
    "green": N_("Green"),
    "red": N_("Red"),
    "yellow": N_("Yellow"),
}
LABELS = {field.name: field.label for field in OPPORTUNITY_FIELDS}


def which() -> Pipeline:
    """The pipeline that is shown, with the way to add one; the first is made now."""
    with db.transaction(access.current()) as session:
        pipelines.ensure(session)
        known = {str(one.id): one for one in pipelines.listed(session)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {key: one.name for key, one in known.items()}
        first = next(iter(names))
        chosen = address.menu(_("Pipeline"), names, "pipeline", usual=first, width=260)
        with st.popover(_("New pipeline"), icon=":material/add:"):
            st.text_input(_("Name"), key="pipeline_name")
            st.button(_("Add"), type="primary", key="pipeline_add", on_click=_add)
    return known[chosen]


def head(pipeline: Pipeline) -> None:
    """Rename or delete it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"pipeline_{pipeline.id}_{pipeline.version}"
        st.text_input(_("Name"), pipeline.name, key=key, width=260)
        st.button(
            _("Rename"),
            key=f"{key}_rename",
            on_click=_rename,
            args=[pipeline.id, pipeline.version, key],
        )
        st.button(
            _("Delete pipeline"),
            key=f"{key}_delete",
            icon=":material/delete:",
            on_click=feedback.run,
            args=[_("The pipeline is deleted."), pipeline_setup.remove, pipeline.id],
        )


def stages(pipeline: Pipeline) -> None:
    """The stages in their order, each with a form, and one for a new stage."""
    with db.reading(access.current()) as session:
        found = pipelines.stages(session, pipeline.id)
    for place, stage in enumerate(found):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap="xsmall"):
                color: object = stage.color
                st.badge(plain(stage.name), color=color)  # type: ignore[arg-type]  # one of Streamlit's colours
                st.caption(plain(_about(stage)))
            with st.popover(_("Edit"), icon=":material/edit:"):
                _change_form(stage, place, len(found))
            st.button(
                "",
                icon=":material/delete:",
                help=_("Delete this stage"),
                type="tertiary",
                key=f"stage_{stage.id}_delete",
                on_click=feedback.run,
                args=[
                    _("The stage is deleted."),
                    pipeline_setup.remove_stage,
                    stage.id,
                ],
            )
    with st.popover(_("New stage"), icon=":material/add:"):
        key = f"new_stage_{pipeline.id}_{len(found)}"
        _fields(key, None)
        st.button(
            _("Add"),
            type="primary",
            key=f"new_stage_{pipeline.id}",
            on_click=_add_stage,
            args=[pipeline.id, key],
        )


def _about(stage: Stage) -> str:
    parts = [_(STATES[stage.kind.value]), percent(float(stage.probability))]
    if stage.required:
        wanted = ", ".join(_(LABELS[name]) for name in stage.required)
        parts.append(_("asks for: {fields}").format(fields=wanted))
    return " · ".join(parts)


def _change_form(stage: Stage, place: int, count: int) -> None:
    key = f"stage_{stage.id}_{stage.version}"
    _fields(key, stage)
    st.number_input(
        _("Position"),
        min_value=1,
        max_value=count,
        value=place + 1,
        key=f"{key}_place",
    )
    st.button(
        _("Save"),
        type="primary",
        key=f"{key}_save",
        on_click=_change_stage,
        args=[stage.id, stage.version, key],
    )


def _fields(key: str, stage: Stage | None) -> None:
    """The form of a stage, filled with one that is there."""
    kinds = [kind.value for kind in StageKind]
    st.text_input(_("Name"), stage.name if stage else "", key=f"{key}_name")
    st.number_input(
        _("Probability, in percent"),
        min_value=0,
        max_value=100,
        value=round(stage.probability * 100) if stage else 50,
        key=f"{key}_share",
    )
    st.selectbox(
        _("Colour"),
        list(COLORS),
        index=list(COLORS).index(stage.color if stage else "gray"),
        format_func=lambda one: _(COLORS[one]),
        key=f"{key}_color",
    )
    st.selectbox(
        _("Kind"),
        kinds,
        index=kinds.index(stage.kind.value) if stage else 0,
        format_func=lambda one: _(STATES[one]),
        key=f"{key}_kind",
    )
    st.multiselect(
        _("Fields to be filled in before"),
        list(GATES),
        default=stage.required if stage else [],
        format_func=lambda one: _(LABELS[one]),
        key=f"{key}_required",
    )


def _held(key: str) -> StageForm:
    """What the form holds now: for callbacks, whose arguments would be of before."""
    name, share, color, kind, required = (
        st.session_state[f"{key}_{part}"]
        for part in ("name", "share", "color", "kind", "required")
    )
    probability = Decimal(int(share)) / 100
    return StageForm(name, probability, color, StageKind(kind), tuple(required))


def _add_stage(pipeline_id: int, key: str) -> None:
    feedback.run(_("Saved."), pipeline_setup.add_stage, pipeline_id, _held(key))


def _change_stage(stage_id: int, version: int, key: str) -> None:
    feedback.run(
        _("Saved."),
        pipeline_setup.change_stage,
        stage_id,
        _held(key),
        position=int(st.session_state[f"{key}_place"]) - 1,
        version=version,
    )


def _rename(pipeline_id: int, version: int, key: str) -> None:
    name = st.session_state[key]
    feedback.run(_("Saved."), pipeline_setup.rename, pipeline_id, name, version=version)


def _add() -> None:
    name = st.session_state["pipeline_name"]
    done = _("“{name}” is added.").format(name=name)
    if feedback.run(done, pipeline_setup.add, name):
        st.session_state["pipeline_name"] = ""
