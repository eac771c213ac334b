"""What each campaign has changed, computed in the background."""

from datetime import date

import pandas as pd

from crm.analytics.campaign_effect import COLUMNS, HORIZONS, row, watched
from crm.i18n import _
from crm.jobs.analyses import analysis, progress
from crm.jobs.context import JobContext
from crm.services.analyses import Made
from crm.services.marketing.campaign_effects import KIND
from crm.warehouse import House


@analysis(KIND)
def compute(context: JobContext, house: House, as_of: date) -> Made:
    """Of every campaign, in each of the `HORIZONS`, by the customers in reach.

    Table `effects`: as in `campaign_effect.COLUMNS`.
    """
    told = progress(context, _("Comparing with those held out"))
    ids, rows = house.campaigns(as_of), []
    for number, campaign_id in enumerate(ids, 1):
        for days in HORIZONS:
            outcomes = house.campaign_outcomes(as_of, campaign_id, days)
            rows.append(row(campaign_id, watched(outcomes, days=days, as_of=as_of)))
        told(number / len(ids))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Made({"campaigns": len(ids)}, {"effects": table})
