"""The chance of each open opportunity to be won, and why; or why none can be told.

Models learn from what was closed before a day and are judged on what was closed since.
Where they rank that no better than by lot, or surprise more than the base rate does,
there is *no signal*: no opportunity gets a probability.

What is open has no outcome yet and is not learned from. So a probability is that to
be won, if it comes to an end as the closed ones did: of what stays open for ever it
promises too much. Which of them are open longer than nearly all that was ever won,
is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from crm.analytics.deals import win_landmarks, win_notes, win_scoring
from crm.analytics.deals.win_counts import Counts, counts
from crm.analytics.deals.win_encoding import COLUMNS
from crm.analytics.deals.win_features import described
from crm.analytics.deals.win_judging import Judged, Split, importances, judge, split
from crm.analytics.deals.win_landmarks import Past
from crm.analytics.deals.win_models import Models, learn
from crm.analytics.deals.win_rows import Rows
from crm.analytics.deals.win_scoring import SCORES
from crm.analytics.importance import IMPORTANCE
from crm.analytics.notes import Note
from crm.frames import Schema, empty, typed

COEFFICIENTS: Schema = COLUMNS | {"coefficient": "float64"}  # of log-odds

Progress = Callable[[float], None]


@dataclass(frozen=True)
class WinChance:
    """Models judged on later opportunities, and scores for the open ones.

    Attributes:
        why_not: why there are no scores; None where there are.
        counts: what there was to learn from, to judge by and to score.
        split_at: what was closed before it was learned from; None without any.
        usual_amount: median of what is known, base currency; None where nothing is.
        now, opening: figures on later opportunities at a moment of their way, and when
            they were opened; None where nothing was learned.
        best: of the models, the one that surprised least on opportunities left out,
            among those before `split_at`; None where nothing was learned.
        importances: as in `importance.IMPORTANCE`, of the best on the later ones.
        coefficients: logistic regression behind the scores, as in `COEFFICIENTS`.
        scores: as in `SCORES`; none where there is no signal.
        seconds: that each model took to learn.
        features: those that the models used.
        notes: what to say beside the figures.
    """

    why_not: Note | None
    counts: Counts
    split_at: datetime | None
    usual_amount: float | None
    now: Judged | None = None
    opening: Judged | None = None
    best: str | None = None
    importances: pd.DataFrame = field(default_factory=lambda: empty(IMPORTANCE))
    coefficients: pd.DataFrame = field(default_factory=lambda: empty(COEFFICIENTS))
    scores: pd.DataFrame = field(default_factory=lambda: empty(SCORES))
    seconds: Mapping[str, float] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def evaluate(
    past: Past, *, at: datetime, on_progress: Progress | None = None
) -> WinChance:
    """Learn from what was closed, judge on what was closed later, score what is open.

    The scores come from the same models learned anew from all that is closed.

    Args:
        past: all opportunities, whatever their state.
        at: the moment (naive, as in `past`); what came later is not looked at.
        on_progress: told the share done, 0 to 1.
    """
    told = on_progress or (lambda _share: None)
    found = win_landmarks.known(past, at)
    moments = win_landmarks.landmarks(past, found)
    known = Rows(moments, described(moments, past, found))
    told(0.2)
    parts = split(known)
    made: dict[str, Any] = {
        "counts": counts(found, known, parts),
        "split_at": parts.at.to_pydatetime() if parts else None,
        "usual_amount": _usual(known.table["amount"]),
    }
    why = win_notes.too_few(parts)
    models = None if why or parts is None else learn(parts.earlier)
    if models is None or parts is None:
        return WinChance(why, **made)
    told(0.5)
    now = judge(models, parts.earlier, parts.later)
    opening = judge(models, parts.earlier.openings, parts.openings)
    made |= _judged(models, parts, now) | {"opening": opening}
    why = win_notes.verdict(models, now)
    told(0.7)
    if why is None:
        final = learn(known)
        scored = win_scoring.scores(final, models.best, past, found)
        made |= {"scores": scored, "coefficients": _coefficients(final)}
    told(1.0)
    notes = win_notes.beside(made["counts"], models, now, is_shown=why is None)
    return WinChance(why, notes=notes, **made)


def _judged(models: Models, parts: Split, now: Judged) -> dict[str, Any]:
    return {
        "now": now,
        "best": models.best,
        "importances": importances(models, parts.later),
        "seconds": models.seconds,
        "features": tuple(dict.fromkeys(models.encoder.features)),
    }


def _coefficients(models: Models) -> pd.DataFrame:
    weights = models.by_name["logistic"].contributions(
        np.eye(len(models.encoder.features))
    )
    table = models.encoder.columns()
    return typed(table.assign(coefficient=np.diag(weights)), COEFFICIENTS)


def _usual(amounts: pd.Series) -> float | None:
    return None if amounts.isna().all() else float(amounts.median())
