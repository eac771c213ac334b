"""Names of points beside each other."""

import pytest

from crm.ui.insight.rules.labels import SIDES, sides

TOP, BOTTOM, RIGHT, LEFT = SIDES


def test_a_name_alone_stands_as_wanted() -> None:
    assert sides([(0, 0)], [5], ["Tea"], [BOTTOM]) == [BOTTOM]


@pytest.mark.parametrize("wanted", [TOP, BOTTOM])
def test_the_second_of_two_near_points_gives_way(wanted: str) -> None:
    """Two points 20 pixels apart, names of 120 pixels."""
    chosen = sides([(0, 0), (20, 0)], [5, 5], ["x" * 20] * 2, [wanted] * 2)

    assert chosen[0] == wanted
    assert chosen[1] == {TOP: BOTTOM, BOTTOM: TOP}[wanted]


def test_a_name_does_not_lie_on_another_point() -> None:
    chosen = sides([(0, 0), (0, 12)], [5, 5], ["Tea", "Filters"], [TOP, TOP])

    assert chosen == [BOTTOM, TOP]


def test_a_name_does_not_lie_on_a_line() -> None:
    chosen = sides([(0, 0), (0, 90)], [5, 5], ["Tea", "Filters"], [TOP, TOP], [(0, 1)])

    assert chosen == [BOTTOM, TOP]
