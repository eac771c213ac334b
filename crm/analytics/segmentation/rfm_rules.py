"""From scores to named segments: an ordered list of rules that covers every cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crm.errors import Invalid
from crm.i18n import N_, _

Range = tuple[int, int]  # lowest and highest score, both included
Shape = tuple[int, int, int]  # number of scores of recency, frequency, monetary


@dataclass(frozen=True)
class Rule:
    """Customers with scores in these ranges belong to `segment`.

    Args:
        segment: the segment's name; several rules may share it.
        m: None for any.
    """

    segment: str
    r: Range
    f: Range
    m: Range | None = None

    def box(self, shape: Shape) -> tuple[slice, slice, slice]:
        """The cells of the score cube that it asks for."""
        ranges = (self.r, self.f, self.m or (1, shape[2]))
        low, medium, high = (slice(first - 1, last) for first, last in ranges)
        return low, medium, high


FIVE = (  # the usual grid for five scores; the first rule that holds counts
    Rule(N_("champions"), r=(5, 5), f=(4, 5)),
    Rule(N_("loyal"), r=(3, 4), f=(4, 5)),
    Rule(N_("potential loyal"), r=(4, 5), f=(2, 3)),
    Rule(N_("new"), r=(5, 5), f=(1, 1)),
    Rule(N_("promising"), r=(4, 4), f=(1, 1)),
    Rule(N_("need attention"), r=(3, 3), f=(3, 3)),
    Rule(N_("about to sleep"), r=(3, 3), f=(1, 2)),
    Rule(N_("can't lose them"), r=(1, 2), f=(5, 5)),
    Rule(N_("at risk"), r=(1, 2), f=(3, 4)),
    Rule(N_("lost"), r=(1, 1), f=(1, 1)),
    Rule(N_("hibernating"), r=(1, 2), f=(1, 2)),
)


def default_rules(shape: Shape) -> tuple[Rule, ...]:
    """`FIVE`, carried over to fewer scores; rules that can no longer hold are left out.

    Three scores stand for 1, 3, 5 of five; four stand for 1, 2, 4, 5.
    """
    rules: list[Rule] = []
    taken = np.zeros(shape[:2], dtype=bool)
    for rule in FIVE:
        r, f = _fewer(rule.r, shape[0]), _fewer(rule.f, shape[1])
        if r is None or f is None or taken[r[0] - 1 : r[1], f[0] - 1 : f[1]].all():
            continue
        taken[r[0] - 1 : r[1], f[0] - 1 : f[1]] = True
        rules.append(Rule(rule.segment, r, f))
    return tuple(rules)


def names(rules: Sequence[Rule]) -> list[str]:
    """The segments that `rules` name, each once, in order."""
    return list(dict.fromkeys(rule.segment for rule in rules))


def cube(rules: Sequence[Rule], shape: Shape) -> NDArray[np.int16]:
    """For every combination of scores, the position of its segment in `names(rules)`.

    Returns:
        An array of `shape`; score s is at index s - 1.

    Raises:
        Invalid: a rule has no name or asks for scores that do not exist, or some
            combination has no rule.
    """
    order = names(rules)
    cells = np.full(shape, -1, dtype=np.int16)
    for rule in reversed(rules):  # so that the first one has the last word
        _check(rule, shape)
        cells[rule.box(shape)] = order.index(rule.segment)
    if (cells < 0).any():
        r, f, m = (int(index) + 1 for index in np.argwhere(cells < 0)[0])
        raise Invalid(
            _(
                "No rule covers customers with the scores R {r}, F {f}, M {m}. Add "
                "one, or widen another."
            ).format(r=r, f=f, m=m),
            field="rules",
        )
    return cells


def _check(rule: Rule, shape: Shape) -> None:
    if not rule.segment.strip():
        raise Invalid(_("Every rule needs the name of a segment."), field="rules")
    ranges = (rule.r, rule.f, rule.m or (1, shape[2]))
    for letter, (first, last), scores in zip("RFM", ranges, shape, strict=True):
        if not 1 <= first <= last <= scores:
            raise Invalid(
                _(
                    "The rule for “{segment}” asks for {letter} from {first} to "
                    "{last}, but scores go from 1 to {scores}."
                ).format(
                    segment=_(rule.segment),
                    letter=letter,
                    first=first,
                    last=last,
                    scores=scores,
                ),
                field="rules",
            )


def _fewer(scores: Range, count: int) -> Range | None:
    """The range among `count` scores that stands for `scores` of five."""
    kept = [
        score
        for score in range(1, count + 1)
        if scores[0] <= 1 + round((score - 1) * 4 / (count - 1)) <= scores[1]
    ]
    return (kept[0], kept[-1]) if kept else None
