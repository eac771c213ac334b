import numpy as np
import pytest

from crm.analytics.segmentation.rfm_rules import FIVE, Rule, cube, default_rules, names
from crm.errors import Invalid

SHAPES = [(r, f, m) for r in (3, 4, 5) for f in (3, 4, 5) for m in (3, 5)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_default_rules_cover_everybody(shape: tuple[int, int, int]) -> None:
    assert (cube(default_rules(shape), shape) >= 0).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_no_default_rule_is_in_vain(shape: tuple[int, int, int]) -> None:
    rules = default_rules(shape)

    assert set(cube(rules, shape).ravel()) == set(range(len(names(rules))))


def test_with_five_scores_the_default_is_the_usual_grid() -> None:
    assert default_rules((5, 5, 5)) == FIVE


@pytest.mark.parametrize(
    ("r", "f", "segment"),
    [
        (5, 5, "champions"),
        (5, 1, "new"),
        (4, 1, "promising"),
        (4, 3, "potential loyal"),
        (3, 5, "loyal"),
        (3, 3, "need attention"),
        (3, 2, "about to sleep"),
        (2, 5, "can't lose them"),
        (1, 3, "at risk"),
        (2, 1, "hibernating"),
        (1, 1, "lost"),
    ],
)
def test_a_cell_of_the_usual_grid(r: int, f: int, segment: str) -> None:
    cells = cube(FIVE, (5, 5, 5))

    assert {names(FIVE)[code] for code in cells[r - 1, f - 1]} == {segment}


def test_the_first_rule_that_holds_counts() -> None:
    rules = [Rule("gold", r=(3, 3), f=(3, 3)), Rule("rest", r=(1, 3), f=(1, 3))]

    cells = cube(rules, (3, 3, 3))

    assert np.argwhere(cells == 0).tolist() == [[2, 2, 0], [2, 2, 1], [2, 2, 2]]


def test_a_rule_may_ask_for_money_too() -> None:
    rules = [Rule("rich", (1, 3), (1, 3), m=(3, 3)), Rule("rest", (1, 3), (1, 3))]

    cells = cube(rules, (3, 3, 3))

    assert cells[0, 0].tolist() == [1, 1, 0]


def test_two_rules_may_name_the_same_segment() -> None:
    rules = [
        Rule("core", r=(3, 3), f=(1, 3)),
        Rule("rest", r=(1, 2), f=(1, 2)),
        Rule("core", r=(1, 2), f=(3, 3)),
    ]

    assert names(rules) == ["core", "rest"]
    assert cube(rules, (3, 3, 3))[0, 2, 0] == 0


def test_a_gap_in_the_rules_is_named() -> None:
    rules = [Rule("most", r=(2, 3), f=(1, 3)), Rule("some", r=(1, 1), f=(1, 2))]

    with pytest.raises(Invalid, match="R 1, F 3, M 1"):
        cube(rules, (3, 3, 3))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("top", r=(1, 5), f=(1, 3)), "“top” asks for R from 1 to 5.*1 to 3"),
        (Rule("top", r=(1, 3), f=(3, 1)), "“top” asks for F from 3 to 1"),
        (Rule("top", r=(1, 3), f=(1, 3), m=(0, 3)), "“top” asks for M from 0"),
        (Rule("  ", r=(1, 3), f=(1, 3)), "needs the name"),
    ],
)
def test_an_unfit_rule_is_refused_in_words(rule: Rule, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        cube([rule], (3, 3, 3))


def test_no_rules_at_all_cover_nobody() -> None:
    with pytest.raises(Invalid, match="No rule covers"):
        cube([], (3, 3, 3))
