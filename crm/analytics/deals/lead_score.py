"""The chance of each open lead to be converted, and why; or why none can be told.

A model learns from leads that ended before a day, converted or disqualified, and is
judged on those that ended since. Where it ranks these no better than by lot, or
surprises more than the base rate does, there is *no signal*: no lead gets a score.

What is open has no outcome yet and is not learned from. So a score is the chance to be
converted, if the lead ends as the ended ones did.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics import evaluation, reasons
from crm.analytics.deals import lead_notes, lead_rows
from crm.analytics.deals.lead_features import THEMES, described
from crm.analytics.deals.lead_models import COEFFICIENTS, Learned, by_source, learn
from crm.analytics.deals.lead_rows import Counts, Rows, Split
from crm.analytics.deals.win_models import SEED
from crm.analytics.evaluation import Evaluation
from crm.analytics.importance import IMPORTANCE, importance
from crm.analytics.notes import Note
from crm.frames import Schema, empty, typed

SCORES: Schema = {  # one row per open lead, the likeliest first
    "lead_id": "int64",
    "probability": "float32",  # to be converted
} | reasons.REASONS

Progress = Callable[[float], None]


@dataclass(frozen=True)
class LeadScore:
    """A model judged on later leads, and scores for the open ones.

    Attributes:
        why_not: why there are no scores; None where there are.
        counts: what there was to learn from, to judge by and to score.
        split_at: what ended before it was learned from; None without any.
        judged: on later leads, by `model`, `source` (its rate alone) and `base_rate`;
            none where nothing was learned.
        importances: as in `importance.IMPORTANCE`, on the later leads.
        coefficients: of the model behind the scores, as in `COEFFICIENTS`.
        scores: as in `SCORES`; none where there is no signal.
        features: those that the model behind the scores uses.
        notes: what to say beside the figures.
    """

    why_not: Note | None
    counts: Counts
    split_at: datetime | None
    judged: Mapping[str, Evaluation] = field(default_factory=dict)
    importances: pd.DataFrame = field(default_factory=lambda: empty(IMPORTANCE))
    coefficients: pd.DataFrame = field(default_factory=lambda: empty(COEFFICIENTS))
    scores: pd.DataFrame = field(default_factory=lambda: empty(SCORES))
    features: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def evaluate(
    leads: pd.DataFrame, *, at: datetime, on_progress: Progress | None = None
) -> LeadScore:
    """Learn from what has ended, judge on what ended later, score what is open.

    The scores come from the same kind of model learned anew from all that has ended.

    Args:
        leads: all of them, as in `frames.LEADS`.
        at: the moment (naive, UTC); what came later is not looked at.
        on_progress: told the share done, 0 to 1.
    """
    told = on_progress or (lambda _share: None)
    found = lead_rows.known(leads, at)
    parts = lead_rows.split(found.ended)
    counts = lead_rows.counts(found, parts)
    made: dict[str, Any] = {
        "counts": counts,
        "split_at": parts.at.to_pydatetime() if parts else None,
    }
    why = lead_notes.too_few(parts)
    if why or parts is None:
        return LeadScore(why, **made)
    learned = learn(parts.earlier)
    told(0.4)
    made |= _judged(learned, parts)
    why = lead_notes.verdict(learned, made["judged"])
    told(0.7)
    if why is None:
        made |= _scored(learn(found.ended), found.open)
    told(1.0)
    notes = lead_notes.beside(counts, made["judged"], is_shown=why is None)
    return LeadScore(why, notes=notes, **made)


def _judged(learned: Learned, parts: Split) -> dict[str, Any]:
    earlier, later = parts.earlier, parts.later
    p, converted = learned.probability(later.table), later.converted
    plain = by_source(earlier, later.table)
    everybody = np.full(len(plain), earlier.rate)
    return {
        "judged": {
            "model": evaluation.judge(converted, p, plain),
            "source": evaluation.judge(converted, plain),
            "base_rate": evaluation.judge(converted, everybody),
        },
        "importances": _importances(learned, later),
        "features": learned.features,
    }


def _importances(learned: Learned, later: Rows) -> pd.DataFrame:
    z, tells = learned.encoder.apply(later.table), learned.model.probability
    return importance(later.converted, z, tells, learned.themes(), seed=SEED)


def _scored(learned: Learned, open_: pd.DataFrame) -> dict[str, Any]:
    """What the model says of open leads, the likeliest first."""
    table = described(open_)
    z = learned.encoder.apply(table)
    moved = pd.DataFrame(
        learned.model.contributions(z), columns=list(learned.encoder.features)
    )
    scores = open_[["lead_id"]].assign(
        probability=learned.model.probability(z),
        **reasons.columns(table, moved, THEMES),
    )
    order = ["probability", "lead_id"]
    scores = scores.sort_values(order, ascending=[False, True], ignore_index=True)
    return {
        "scores": typed(scores, SCORES),
        "coefficients": learned.coefficients(),
        "features": learned.features,
    }
