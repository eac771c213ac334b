"""What clusters are called, what they say, and how they were made, in sentences."""

from collections.abc import Iterator

import pandas as pd

from crm.i18n import N_, _, ngettext
from crm.jobs.divisions import CROWDS
from crm.models import Analysis
from crm.ui.format import day, number, percent
from crm.ui.insight.segmentation import stored, trait_words
from crm.ui.insight.segmentation.words import note


def title(cluster: int) -> str:
    """What a cluster is called; 0 is for those in none."""
    if not cluster:
        return _("In no cluster")
    return _("Cluster {number}").format(number=cluster)


def conclusion(shown: Analysis, profiles: pd.DataFrame, traits: pd.DataFrame) -> str:
    """The cluster that brings in the most, and what sets it apart."""
    profiles = profiles[profiles["cluster"] > 0]
    if not profiles["revenue_share"].max() > 0:
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
    labels = shown.summary["labels"]
    said = trait_words.told(traits, int(best["cluster"]), labels, at_most=3)
    told = _("Its customers: {traits}.").format(traits="; ".join(said))
    return f"{sentence} {told}" if said else sentence


def basis(shown: Analysis) -> str:
    """How many customers were clustered, of which day, by what."""
    words = ngettext(
        "{count} customer with orders, as of {day}, by: {features}.",
        "{count} customers with orders, as of {day}, by: {features}.",
        shown.summary["customers"],
    )
    return words.format(
        count=number(shown.summary["customers"]),
        day=day(shown.as_of),
        features=features(shown),
    )


def features(shown: Analysis) -> str:
    """What the clusters were made by."""
    labels = stored.labels(shown)
    return ", ".join(labels[name] for name in shown.summary["loadings"])


def how(shown: Analysis, division: str | None) -> list[str]:
    """How the clusters were made; `division` is the one shown."""
    method = (division or "kmeans").split()[0]
    sentences = [_(METHODS[method])]
    if method == CROWDS:
        sentences.append(_(NO_MODEL))
    sentences.append(_(SCALED))
    sentences += _scales(shown)
    sentences += [_(one) for one in HOW]
    return [*sentences, *map(note, shown.summary["fit_notes"])]


def _scales(shown: Analysis) -> Iterator[str]:
    """How each feature was brought to the common scale; it is so in every model."""
    labels = stored.labels(shown)
    model = next(iter(shown.summary["models"].values()))
    for scale in model["scales"]:
        words = LOGGED if scale["log"] else AS_IT_IS
        yield _(words).format(
            feature=labels.get(scale["feature"], scale["feature"]),
            mean=number(scale["mean"], places=3),
            deviation=number(scale["deviation"], places=3),
        )


METHODS = {
    "kmeans": N_("k-means: everybody belongs to the nearest of the centres."),
    "mixture": N_(
        "Gaussian mixture: each cluster has a width and a direction of its own (full "
        "covariances), and everybody belongs to the likeliest."
    ),
    CROWDS: N_(
        "HDBSCAN: a cluster is where customers crowd together; who stands apart is in "
        "none. It looks at no more than 20,000 customers, drawn at random; any others "
        "go where the nearest of these is. Equal values, such as one order, are crowds "
        "too."
    ),
}
NO_MODEL = N_("HDBSCAN gives no model that later customers could be assigned by.")
SCALED = N_(
    "All features are brought to one scale: less the mean, by the standard deviation. "
    "Skewed ones count by their logarithm, log(1 + value)."
)
LOGGED = N_(
    "{feature}: logarithm; its mean {mean}, its standard deviation {deviation}."
)
AS_IT_IS = N_("{feature}: as it is; mean {mean}, standard deviation {deviation}.")
HOW = (
    N_("Cluster 1 is the one with the highest mean revenue."),
    N_(
        "The gap statistic compares with customers spread evenly over the same range, "
        "ten times over, on at most 3,000 customers."
    ),
    N_(
        "The map is the plane in which the customers differ most (the first two "
        "principal components). Its axes are titled by the features that count most, "
        "with their share of all differences."
    ),
    N_(
        "A trait is told where a cluster differs from all others by at least half a "
        "standard deviation, the largest difference first; the figures are medians."
    ),
)
