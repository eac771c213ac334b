"""What the RFM of customers says, and how it was made, in sentences."""

from crm.analytics.segmentation.rfm import Segmentation
from crm.i18n import N_, _, ngettext
from crm.ui.format import number, percent

SILENT = ("can't lose them", "at risk")


def basis(found: Segmentation) -> str:
    """How many customers were scored."""
    words = ngettext(
        "{count} customer with orders",
        "{count} customers with orders",
        len(found.customers),
    )
    return words.format(count=number(len(found.customers)))


def conclusion(found: Segmentation) -> str:
    """Who brings in the most, and what has fallen silent; nothing without revenue."""
    table = found.segments
    if table["revenue_share"].max() <= 0:
        return ""
    best = table.loc[table["revenue_share"].idxmax()]
    most = _(
        "“{segment}” bring in the most: {revenue} of the revenue, from {share} of the "
        "customers."
    )
    told = most.format(
        segment=_(best.name),
        revenue=percent(best["revenue_share"]),
        share=percent(best["share"]),
    )
    silent = table[table.index.isin(SILENT)]
    if silent.empty:
        return told
    quiet = ngettext(
        "{count} customer who used to buy often has fallen silent; "
        "{revenue} of all revenue came from them.",
        "{count} customers who used to buy often have fallen silent; "
        "{revenue} of all revenue came from them.",
        int(silent["customers"].sum()),
    )
    quiet = quiet.format(
        count=number(int(silent["customers"].sum())),
        revenue=percent(silent["revenue_share"].sum()),
    )
    return f"{told} {quiet}"


HINT = N_("Click a cell, a bar or the name of a segment to see who is in it.")
HOW = (
    N_(
        "Every customer gets a score for recency, frequency and monetary value; 1 is "
        "the lowest. Customers with equal values get equal scores."
    ),
    N_(
        "The quantiles are those of the customers shown, plus one day, order or unit "
        "of money, as in the package rfm for R."
    ),
    N_("Revenue is sales less returns and cancellations."),
)
