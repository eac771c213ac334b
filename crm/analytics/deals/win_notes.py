"""Why no opportunity gets a probability, and what to say beside those that do."""

from crm.analytics.deals.win_counts import Counts
from crm.analytics.deals.win_judging import Judged, Split
from crm.analytics.deals.win_models import Models
from crm.analytics.deals.win_scoring import OLD
from crm.analytics.notes import Note
from crm.analytics.verdicts import no_signal, shifted, too_good
from crm.i18n import N_

LEARN, JUDGE = 50, 25  # won, and as many lost: below, nothing is learned or judged
NOTABLE = 0.05  # difference of predicted and actual share

TOO_FEW = N_(
    "At least {learn} won and {learn} lost opportunities are needed to learn from, and "
    "{judge} of each that were closed later, to judge by. There are {won} won and "
    "{lost} lost to learn from, {later_won} and {later_lost} later ones."
)
NONE_CLOSED = N_(
    "Nothing has been won or lost yet. At least {learn} won and {learn} lost "
    "opportunities are needed to learn from, and {judge} of each that were closed "
    "later, to judge by."
)
ALL_ALIKE = N_("All opportunities looked the same, so there was nothing to learn from.")
BY_LOT = N_(
    "On later opportunities the model ranked what was won above what was lost no "
    "better than by lot: an AUC of {auc:.2f}, 95% interval {low:.2f} to {high:.2f}."
)
SURPRISED = N_(
    "On later opportunities the model surprised more (log loss {mine:.4f}) than the "
    "same probability for all ({all:.4f})."
)
SHIFTED = N_(
    "Of later opportunities {predicted:.0%} were expected to be won, {actual:.0%} "
    "were: trust the order more than the probabilities."
)
NO_BETTER = N_("The model ranked later opportunities no better than their stage alone.")
NOT_FOLLOWED = N_(
    "Of {count} of {all} closed opportunities only the opening is known, not their way "
    "through the stages: of these neither amount nor close date is looked at."
)
OLD_ONES = N_(
    "{count} open opportunities are open longer than {share:.0%} of all that was won "
    "({days} days). What stays open for ever was not learned from, so their "
    "probabilities promise too much. Were they all lost, the base rate would be "
    "{rate:.0%}."
)
OLD_ONE = N_(
    "{count} open opportunity is open longer than {share:.0%} of all that was won "
    "({days} days). What stays open for ever was not learned from, so its probability "
    "promises too much. Were it lost, the base rate would be {rate:.0%}."
)
NO_RATE = N_(
    "{count} open opportunities have an amount in a currency without a rate: they are "
    "in no sum."
)
NO_RATE_ONE = N_(
    "{count} open opportunity has an amount in a currency without a rate: it is in no "
    "sum."
)


def too_few(parts: Split | None) -> Note | None:
    """Why nothing can be learned or judged; None where something can."""
    needed = {"learn": LEARN, "judge": JUDGE}
    if parts is None:
        return Note(NONE_CLOSED, needed)
    (first, won), (second, later) = parts.earlier.counts, parts.later.counts
    if min(won, first - won) >= LEARN and min(later, second - later) >= JUDGE:
        return None
    counts = {
        "won": won,
        "lost": first - won,
        "later_won": later,
        "later_lost": second - later,
    }
    return Note(TOO_FEW, needed | counts)


def verdict(models: Models, now: Judged) -> Note | None:
    """Why probabilities are not to be shown; None where they are."""
    if not models.encoder.features:
        return Note(ALL_ALIKE)
    mine, everybody = now.evaluations[models.best], now.evaluations["base_rate"]
    return no_signal(mine, everybody, by_lot=BY_LOT, surprised=SURPRISED)


def beside(
    counted: Counts, models: Models, now: Judged, *, is_shown: bool
) -> tuple[Note, ...]:
    """What to say beside the figures, and of probabilities if these are shown."""
    notes = list(models.encoder.left_out)
    if counted.not_followed:
        told = {"count": counted.not_followed, "all": counted.closed[0]}
        notes.append(Note(NOT_FOLLOWED, told))
    if is_shown:
        notes += _quality(now, models.best)
        notes += _old_ones(counted)
        if counted.no_rate:
            words = NO_RATE_ONE if counted.no_rate == 1 else NO_RATE
            notes.append(Note(words, {"count": counted.no_rate}))
    return tuple(notes)


def _quality(now: Judged, model: str) -> list[Note]:
    """What speaks against relying on the probabilities."""
    mine = now.evaluations[model]
    notes = too_good(mine)
    if mine.auc_gain is not None and mine.auc_gain.low <= 0:
        notes.append(Note(NO_BETTER))
    actual = float(now.table["won"].mean())
    return notes + shifted(
        mine.predicted, actual, now.counts[0], notable=NOTABLE, text=SHIFTED
    )


def _old_ones(counted: Counts) -> list[Note]:
    """About what is open for very long."""
    if not counted.old or counted.old_days is None:
        return []
    closed, won = counted.closed
    told = {
        "count": counted.old,
        "share": OLD,
        "days": round(counted.old_days),
        "rate": won / (closed + counted.old),
    }
    return [Note(OLD_ONE if counted.old == 1 else OLD_ONES, told)]
