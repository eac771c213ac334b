"""What clusters are called, what they say, and how they were made, in sentences."""

import pandas as pd

from crm.analytics import profile
from crm.analytics.features import FEATURES
from crm.i18n import N_, _
from crm.models import Analysis
from crm.ui.format import day, number, percent
from crm.ui.segmentation.words import note


def title(cluster: int) -> str:
    """What a cluster is called."""
    return _("Cluster {number}").format(number=cluster)


def conclusion(profiles: pd.DataFrame, traits: pd.DataFrame) -> str:
    """The cluster that brings in the most, and what sets it apart."""
    if profiles["revenue_share"].max() <= 0:
        return ""
    best = profiles.loc[profiles["revenue_share"].idxmax()]
    words = _(
        "{cluster} brings in the most: {revenue} of the revenue, from {share} of the "
        "customers."
    )
    sentence = words.format(
        cluster=title(int(best["cluster"])),
        revenue=percent(best["revenue_share"]),
        share=percent(best["share"]),
    )
    said = profile.in_words(traits, int(best["cluster"]), at_most=3)
    traits_told = _("It {traits}.").format(traits=", ".join(said))
    return f"{sentence} {traits_told}" if said else sentence


def basis(shown: Analysis) -> str:
    """How many customers were clustered, of which day, by what."""
    words = _("{count} customers with orders, as of {day}, by: {features}.")
    return words.format(
        count=number(shown.summary["customers"]),
        day=day(shown.as_of),
        features=features(shown),
    )


def features(shown: Analysis) -> str:
    """What the clusters were made by."""
    return ", ".join(_(FEATURES[name]) for name in shown.summary["loadings"])


def how(shown: Analysis) -> list[str]:
    """How the clusters were made."""
    sentences = [_(one).format(features=features(shown)) for one in HOW]
    return [*sentences, *map(note, shown.summary["fit_notes"])]


HOW = (
    N_(
        "k-means on: {features}. Skewed features count by their logarithm, and all are "
        "brought to one scale."
    ),
    N_("Cluster 1 is the one with the highest mean revenue."),
    N_(
        "The map is the plane in which the customers differ most (the first two "
        "principal components). Its axes are titled by the features that count most, "
        "with their share of all differences."
    ),
    N_(
        "A trait is told where a cluster differs from all others by at least half a "
        "standard deviation; the factor is that of the medians."
    ),
    N_(
        "The centres are kept with the result, so that later customers can be assigned "
        "to the same clusters."
    ),
)
