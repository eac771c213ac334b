"""How lifetime values were made, in sentences."""

from crm.analytics.lifetime.lifetime_models import ENOUGH, FITS, SHORTEST
from crm.analytics.lifetime.lifetime_spread import DRAWS
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import number, percent


def sentences(shown: Analysis) -> list[str]:
    """What it stands on: definition, models, intervals, limits."""
    values = {
        "days": number(shown.summary["horizon"]),
        "rate": percent(shown.summary["annual_rate"], places=1),
        "kept": percent(shown.summary["kept"], places=1),
        "draws": DRAWS,
        "fits": FITS,
        "enough": ENOUGH,
        "shortest": SHORTEST,
    }
    return [_(text).format(**values) for text in TEXTS]


TEXTS = (
    N_(
        "Lifetime value is what a customer is expected to bring in the {days} days "
        "after the day of the analysis: sales, of which {kept} were kept and not sent "
        "back by all customers so far, discounted by {rate} a year. Costs are not "
        "taken off."
    ),
    N_(
        "How often: the BG/NBD model (Fader, Hardie and Lee 2005). Customers buy at "
        "rates of their own, and after each repeat purchase leave for good with a "
        "chance of their own. Several orders on one day count as one purchase."
    ),
    N_(
        "Probability alive is the chance that a customer has not left for good. After "
        "a single purchase the model takes nobody for gone, so there is none for "
        "those customers, and their values tend to be too high."
    ),
    N_(
        "How much: the Gamma-Gamma model (Fader and Hardie 2013) of the sales of all "
        "days with a purchase, the first one too; the fewer purchases, the nearer to "
        "the other customers."
    ),
    N_(
        "Value at risk is what a customer would be worth if surely still there, less "
        "its lifetime value."
    ),
    N_(
        "Intervals hold 90%. Each customer was simulated {draws} times by each of "
        "{fits} pairs of models, fitted to samples of the customers drawn with "
        "replacement: the spread is that of chance and of parameters, not of a wrong "
        "model."
    ),
    N_(
        "Seasons, trends, prices and campaigns are unknown to these models: look at "
        "the test on the past."
    ),
    N_(
        "They need at least {enough} customers who bought on more than one day, and a "
        "history of at least {shortest} days."
    ),
)
