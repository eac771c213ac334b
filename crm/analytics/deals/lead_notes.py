"""Why no lead gets a score, and what to say beside those that do."""

from collections.abc import Mapping

from crm.analytics.deals.lead_models import Learned
from crm.analytics.deals.lead_rows import Counts, Split
from crm.analytics.deals.win_notes import NOTABLE
from crm.analytics.evaluation import Evaluation
from crm.analytics.notes import Note
from crm.analytics.verdicts import no_signal, shifted, too_good
from crm.i18n import N_

LEARN, JUDGE = 40, 20  # converted, and as many disqualified: below, nothing is learned

NONE_ENDED = N_(
    "No lead has ended yet. At least {learn} converted and {learn} disqualified ones "
    "are needed to learn from, and {judge} of each that ended later, to judge by."
)
TOO_FEW = N_(
    "Too few leads have ended. At least {learn} converted and {learn} disqualified "
    "ones are needed to learn from, and {judge} of each that ended later, to judge "
    "by. There are {converted} converted and {disqualified} disqualified to learn "
    "from, {later_converted} and {later_disqualified} later ones."
)
ALL_ALIKE = N_("All leads looked the same, so there was nothing to learn from.")
BY_LOT = N_(
    "On later leads the model ranked converted ones above disqualified ones no better "
    "than by lot: an AUC of {auc:.2f}, 95% interval {low:.2f} to {high:.2f}."
)
SURPRISED = N_(
    "On later leads the model surprised more (log loss {mine:.4f}) than the same "
    "probability for all ({all:.4f})."
)
SHIFTED = N_(
    "Of later leads {predicted:.0%} were expected to be converted, {actual:.0%} were: "
    "trust the order more than the probabilities."
)
NO_BETTER = N_(
    "It is not certain that the model ranks later leads better than their source "
    "alone: it did so by {gain:.3f} of AUC, 95% interval {low:.3f} to {high:.3f}."
)
LEFT_OUT_ONE = N_(
    "{count} lead is not learned from: it had ended when it came in, or its times are "
    "in no order."
)
LEFT_OUT = N_(
    "{count} leads are not learned from: they had ended when they came in, or their "
    "times are in no order."
)


def too_few(parts: Split | None) -> Note | None:
    """Why nothing can be learned or judged; None where something can."""
    needed = {"learn": LEARN, "judge": JUDGE}
    if parts is None:
        return Note(NONE_ENDED, needed)
    (first, converted), (second, later) = parts.earlier.counts, parts.later.counts
    enough = min(converted, first - converted) >= LEARN
    if enough and min(later, second - later) >= JUDGE:
        return None
    there = {
        "converted": converted,
        "disqualified": first - converted,
        "later_converted": later,
        "later_disqualified": second - later,
    }
    return Note(TOO_FEW, needed | there)


def verdict(learned: Learned, judged: Mapping[str, Evaluation]) -> Note | None:
    """Why scores are not to be shown; None where they are.

    Args:
        judged: as in `lead_score.LeadScore`.
    """
    if not learned.encoder.features:
        return Note(ALL_ALIKE)
    mine, everybody = judged["model"], judged["base_rate"]
    return no_signal(mine, everybody, by_lot=BY_LOT, surprised=SURPRISED)


def beside(
    counted: Counts, judged: Mapping[str, Evaluation], *, is_shown: bool
) -> tuple[Note, ...]:
    """What to say beside the figures, and of scores if these are shown."""
    notes = _quality(counted, judged["model"]) if is_shown else []
    if counted.left_out:
        words = LEFT_OUT_ONE if counted.left_out == 1 else LEFT_OUT
        notes.append(Note(words, {"count": counted.left_out}))
    return tuple(notes)


def _quality(counted: Counts, mine: Evaluation) -> list[Note]:
    """What speaks against relying on the scores."""
    notes = too_good(mine)
    if mine.auc_gain is not None and mine.auc_gain.low <= 0:
        gain = {"gain": mine.auc_gain.value}
        ends = {"low": mine.auc_gain.low, "high": mine.auc_gain.high}
        notes.append(Note(NO_BETTER, gain | ends))
    count, converted = counted.judged
    actual = converted / count
    return notes + shifted(mine.predicted, actual, count, notable=NOTABLE, text=SHIFTED)
