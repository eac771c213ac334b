"""One opportunity: where it stands, its way so far, what comes next."""

import streamlit as st

from crm import db
from crm.i18n import _
from crm.services.fields import fields_of
from crm.services.sales import opportunities, pipelines
from crm.ui import (
    access,
    feedback,
    navigation,
    record_form,
    record_header,
    timeline_view,
)
from crm.ui.sales import (
    opportunity_age,
    opportunity_outcome,
    opportunity_products,
    opportunity_step,
    opportunity_view,
)

with feedback.told(), db.reading(access.current()) as session:
    row = opportunities.opportunity(session, navigation.asked_id())
    stages = pipelines.stages(session, row.pipeline_id)
    steps = opportunities.history(session, row.id)
    labels = {
        name: _(field.label)
        for entity in ("customer", "opportunity")
        for name, field in fields_of(session, entity).items()
    }
    labels["lines"] = _("Products")
if "labels" not in locals():
    navigation.link(
        "opportunities", _("All opportunities"), icon=":material/arrow_back:"
    )
    st.stop()

record_header.show(row, "opportunity")
opportunity_view.path(row, stages)
opportunity_age.late_note(row)
opportunity_step.show(row)
opportunity_view.facts(row)
opportunity_products.show(row)
happened, way = st.columns([2, 1], gap="large")
with happened:
    timeline_view.composer(row.customer_id, row.id)
    timeline_view.stream(row.customer_id, labels, row.id)
with way:
    opportunity_view.notes(row)
    opportunity_view.quotes(row)
    opportunity_view.history(steps)
opportunity_outcome.ask_if_wanted()
opportunity_step.ask_if_wanted()
record_form.show()
