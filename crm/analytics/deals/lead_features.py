"""What conversion is foretold from: what was known of a lead when it came in."""

import pandas as pd

from crm.frames import Schema, typed
from crm.i18n import N_

CORE = {
    "own_domain": N_("E-mail at a domain of its own"),
    "has_email": N_("E-mail"),
    "has_company": N_("Company"),
    "has_phone": N_("Phone"),
    "words": N_("Words in the notes"),
    "by_form": N_("Through a web form"),
}
MOMENT = {  # used where they help, on leads left out
    "weekend": N_("On a weekend"),
    "office_hours": N_("On a weekday from 8 to 18"),
}
FEATURES = CORE | MOMENT
SOURCE = "source"
GROUPS = {SOURCE: N_("Source")}
THEMES = {  # features that speak of one thing count together as one reason
    "source": (SOURCE,),
    "email": ("own_domain", "has_email"),
    "company": ("has_company",),
    "phone": ("has_phone",),
    "notes": ("words",),
    "form": ("by_form",),
    "moment": ("weekend", "office_hours"),
}

DESCRIBED: Schema = dict.fromkeys(FEATURES, "float64") | dict.fromkeys(GROUPS, "str")
OFFICE = (8, 18)  # hours of a weekday, the last one left out
SATURDAY = 5


def described(leads: pd.DataFrame) -> pd.DataFrame:
    """One row per lead, as in `DESCRIBED`; yes is 1.

    Args:
        leads: rows as in `frames.LEADS`.
    """
    arrived = leads["arrived_at"].dt
    weekend = arrived.day_of_week >= SATURDAY
    at_work = (arrived.hour >= OFFICE[0]) & (arrived.hour < OFFICE[1])
    found = leads.assign(weekend=weekend, office_hours=at_work & ~weekend)
    return typed(found.reset_index(drop=True), DESCRIBED)
