"""How a result of the chance to win was made, in sentences."""

from datetime import date

from crm.analytics.deals.win_features import FEATURES, GROUPS
from crm.analytics.deals.win_notes import JUDGE, LEARN
from crm.i18n import N_, _, ngettext
from crm.models import Analysis
from crm.ui.format import day, number


def sentences(shown: Analysis) -> list[str]:
    """What it stands on: moments, split, features, censoring, verdict."""
    counts = shown.summary["counts"]
    told = [_(MOMENTS)]
    if shown.summary["split_on"]:
        split = day(date.fromisoformat(shown.summary["split_on"]))
        learned, judged = (number(counts[name][0]) for name in ("learned", "judged"))
        told.append(_(SPLIT).format(day=split, learned=learned, judged=judged))
    features = "; ".join(_(label) for label in (FEATURES | GROUPS).values())
    told.append(_("Features: {features}.").format(features=features))
    told += [_(text) for text in METHODS]
    told.append(_(VERDICT).format(learn=LEARN, judge=JUDGE))
    if counts["left_out"]:
        words = ngettext(
            "Left out, as its times lie ahead or are in no order: {count} opportunity.",
            "Left out, as their times lie ahead or are in no order: {count} "
            "opportunities.",
            counts["left_out"],
        )
        told.append(words.format(count=number(counts["left_out"])))
    return told


MOMENTS = N_(
    "Each closed opportunity is looked at when it was opened, when it entered each "
    "stage, and when it was 7, 30, 60, 120, 240 and 480 days old, with what was known "
    "then. Of those that came in when they had ended, only the opening is known."
)
SPLIT = N_(
    "Judged by time: the models learned from {learned} opportunities closed before "
    "{day}, and were judged on {judged} closed since, at moments since. Then they "
    "learned anew from all of them, for the chances of what is open."
)
METHODS = (
    N_(
        "Not looked at, since it is filled in at the end or nobody knows since when it "
        "stands: the competitor, the reasons and the remark of the end, the category "
        "of the forecast. A word that is entered much oftener for one outcome than for "
        "the other is left out, too."
    ),
    N_(
        "Amount and expected close are those stated by the moment. Source, product, "
        "owner and what is entered of the customer are those of today. The owner's win "
        "rate is from what was closed before the moment, drawn towards that of all by "
        "ten opportunities. A next step counts from when it was written down until it "
        "is done."
    ),
    N_(
        "Logistic regression with a ridge, and gradient boosting of 150 small trees; "
        "each is calibrated by a line on its log-odds from opportunities left out in "
        "turn (Platt). All moments of an opportunity are left out together."
    ),
    N_(
        "What is open has no outcome yet and is not learned from: a chance is that to "
        "be won if it ends as the closed ones did. What is open longer than 95% of all "
        "that was won is marked, as it may stay open for ever."
    ),
    N_(
        "Intervals hold 95%: of the AUC after Obuchowski, as moments of one "
        "opportunity go together; of shares after Wilson, from the number of "
        "opportunities."
    ),
    N_(
        "Reasons are exact: parts of a sum of log-odds, for the trees Shapley values. "
        "They are associations, not causes."
    ),
)
VERDICT = N_(
    "No signal: where the interval of the AUC reaches 0.5, where the log loss is not "
    "below that of the base rate, or with fewer than {learn} won and {learn} lost to "
    "learn from and {judge} of each to judge by, no opportunity gets a chance."
)
