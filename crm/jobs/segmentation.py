"""Segmentation in the background: the buyers as they are, and clusters of them.

RFM needs no computing here: the page scores the stored buyers while one looks. The
clusters are computed by every method for every number of them that is offered, so that
the page can switch between them at once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd

from crm import db
from crm.analytics.campaign_response import with_share
from crm.analytics.segmentation import choice, groups, rfm
from crm.analytics.segmentation.features import (
    CUSTOM,
    DEFAULT,
    FEATURES,
    RESPONSE,
    RESPONSE_LABEL,
    prepare,
)
from crm.errors import NotEnoughData
from crm.i18n import _
from crm.jobs import divisions
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.models.words import kept
from crm.services.admin import custom_numbers
from crm.services.analyses import Made
from crm.warehouse import House

CHOOSING = 0.7  # share of the time that goes into the figures for each number

Tell = Callable[[float], None]


@analysis("segmentation")
def segmentation(context: JobContext, house: House, as_of: date) -> Made:
    """Buyers up to `as_of`, clustered by the `features` that were asked for."""
    features = context.arguments["parameters"].get("features") or DEFAULT
    custom = [n for n in features if n.startswith(CUSTOM) and n != RESPONSE]
    with db.reading(context.actor) as session:
        labels = custom_numbers.labels(session) | {RESPONSE: _(RESPONSE_LABEL)}
        buyers = custom_numbers.with_values(session, house.buyers(as_of), custom)
    if RESPONSE in features:
        buyers = with_share(buyers, house.responses(as_of))
    tell = progress(context, _("Looking for clusters"))
    return made(buyers, features, labels=labels, on_progress=tell)


def made(
    buyers: pd.DataFrame,
    features: Sequence[str],
    *,
    labels: Mapping[str, str] | None = None,
    resamples: int = 20,
    on_progress: Tell = lambda _share: None,
) -> Made:
    """What is kept of a segmentation.

    Tables: `buyers`, a row per customer with all `FEATURES` and the custom fields
    asked for; `choice` with the figures of k-means per `k`, `mixtures` with those of
    mixtures; and those of `crm.jobs.divisions`.

    Where the customers cannot be clustered there is only `buyers`, and the summary
    says why under "refused".

    Args:
        buyers: as in `crm.frames.BUYERS`, with columns of custom fields.
        features: what to cluster by.
        labels: of custom fields, by their names.

    Raises:
        NotEnoughData: fewer than five customers.
        Invalid: there is no such feature.
    """
    groups.check(buyers, rfm.COLUMNS)
    custom = [name for name in buyers if name in features and name not in FEATURES]
    named = {name: (labels or {}).get(name, name) for name in custom}
    summary = {"customers": len(buyers), "features": [*features], "labels": named}
    tables = {"buyers": buyers[["customer_id", *FEATURES, *custom]]}
    try:
        found = choice.choose_k(
            buyers,
            features,
            resamples=resamples,
            on_progress=lambda share: on_progress(CHOOSING * share),
        )
    except NotEnoughData as error:
        return Made(summary | {"refused": kept(error.words)}, tables)
    divided = divisions.made(
        buyers,
        prepare(buyers, features),
        [int(k) for k in found.table.index],
        on_progress=lambda share: on_progress(CHOOSING + (1 - CHOOSING) * share),
    )
    tables |= {
        "choice": found.table.reset_index(),
        "mixtures": found.mixtures.reset_index(),
    }
    chosen = divisions.figures(found, named)
    return Made(summary | chosen | divided.summary, tables | dict(divided.tables))
