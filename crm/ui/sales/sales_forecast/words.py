"""What the parts of a sales forecast are called."""

from crm.i18n import N_
from crm.models import ForecastCategory
from crm.services.sales.opportunity_fields import FORECAST_CATEGORIES

KIND = "sales_forecast"
CATEGORIES = {
    category: FORECAST_CATEGORIES[category.value]
    for category in (
        ForecastCategory.COMMIT,
        ForecastCategory.BEST_CASE,
        ForecastCategory.PIPELINE,
    )
}
HUNDREDTHS = {
    "p10": (N_("P10"), N_("In 9 of 10 simulated futures it is more, won included.")),
    "p50": (N_("P50"), N_("In half of the simulated futures it is more.")),
    "p90": (N_("P90"), N_("In 1 of 10 simulated futures it is more.")),
}
YEARLY = N_("The simulation goes by month and by quarter.")
VIEWS = {
    "ahead": N_("Simulation"),
    "calls": N_("Commit and best case"),
    "past": N_("Test on the past"),
}
UNITS = {"month": N_("Month"), "quarter": N_("Quarter")}
SPANS = {"1": N_("One month"), "3": N_("Three months")}
SLIPS = {
    "due": N_("with a day ahead: days later than stated"),
    "overdue": N_("overdue: days from then on"),
    "undated": N_("without a day: days from then on"),
    "any": N_("all together: days from then on"),
}
