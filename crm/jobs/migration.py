"""Movement between segments in the background: one frozen model, two days."""

from datetime import date

import pandas as pd

from crm import db
from crm.analytics.campaign_response import with_share
from crm.analytics.segmentation import frozen
from crm.analytics.segmentation.features import CUSTOM, FEATURES, RESPONSE
from crm.analytics.segmentation.frozen import Frozen
from crm.analytics.segmentation.migration import migrate
from crm.errors import Invalid
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.services import kept_models
from crm.services.admin import custom_numbers
from crm.services.analyses import Made
from crm.warehouse import House


@analysis("migration")
def migration(context: JobContext, house: House, as_of: date) -> Made:
    """Who went where, by the kept model `model`, from the day `since` to `as_of`."""
    asked = context.arguments["parameters"]
    since = date.fromisoformat(asked["since"])
    if since >= as_of:
        raise Invalid(_("The first day has to lie before the second."), field="since")
    tell = progress(context, _("Assigning the customers"))
    with db.reading(context.actor) as session:
        model = frozen.restored(kept_models.model(session, asked["model"]))
        features = frozen.features(model)
        custom = [n for n in features if n.startswith(CUSTOM) and n != RESPONSE]
        before, after = (
            custom_numbers.with_values(session, house.buyers(day), custom)
            for day in (since, as_of)
        )
    if RESPONSE in features:
        before = with_share(before, house.responses(since))
        after = with_share(after, house.responses(as_of))
    tell(0.5)
    return made(model, before, after)


def made(model: Frozen, before: pd.DataFrame, after: pd.DataFrame) -> Made:
    """What is kept of a migration.

    Tables: `buyers`, a row per customer of the later day with all `FEATURES`; `moves`,
    the same rows, and `flows`, as in `crm.analytics.segmentation.migration.Migration`.
    """
    found = migrate(model, before, after)
    summary = {
        "method": frozen.as_json(model)["method"],
        "groups": frozen.group_names(model),
        "customers": len(after),
        "stayed": found.stayed,
        "features": frozen.features(model),
    }
    tables = {
        "buyers": after[["customer_id", *FEATURES]],
        "moves": found.moves,
        "flows": found.flows,
    }
    return Made(summary, tables)
