"""What baskets held out say of many rules together, in one verdict."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

Verdict = Literal["held", "weaker", "failed", "unknown"]

WELL = 0.9  # share of rules that still point the same way, where they held
MOSTLY = 0.8  # of the confidence that is left, where they held
HALF = 0.5  # less left of either, and they have failed


@dataclass(frozen=True)
class Check:
    """Rules measured again; what cannot be is not among the figures.

    Attributes:
        rules: how many there are.
        measured: those of which both sides occur in the baskets held out.
        confidence, later_confidence, lift, later_lift: medians over the measured.
        kept_lift: share of the measured with a lift above 1 there.
    """

    rules: int
    measured: int
    confidence: float = 0.0
    later_confidence: float = 0.0
    lift: float = 0.0
    later_lift: float = 0.0
    kept_lift: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """Held, held more weakly, failed; unknown where most cannot be measured.

        Pure chance would leave half of them a lift above 1, and that is a failure.
        """
        left = self.later_confidence / self.confidence if self.confidence else 0.0
        if self.measured and min(self.kept_lift, left) < HALF:
            return "failed"
        if self.measured < HALF * self.rules or not self.measured:
            return "unknown"
        return "held" if self.kept_lift >= WELL and left >= MOSTLY else "weaker"


def check(rules: pd.DataFrame) -> Check:
    """Sum up how rules did.

    Args:
        rules: `confidence` and `lift` where they were found, and the columns
            `later_confidence` and `later_lift` of `rule_hold_out.LATER`.
    """
    again = rules[rules["later_lift"].notna()]
    if again.empty:
        return Check(len(rules), 0)
    names = ["confidence", "later_confidence", "lift", "later_lift"]
    medians = {name: float(value) for name, value in again[names].median().items()}
    kept = float((again["later_lift"] > 1).mean())
    return Check(len(rules), len(again), kept_lift=kept, **medians)
