import numpy as np

from crm.analytics.outlines import inside

SQUARE = ([0, 4, 4, 0], [0, 0, 4, 4])


def found(points: list[tuple[float, float]], *outline: list[float]) -> list[int]:
    x, y = np.array(points, dtype=float).T
    return inside(x, y, *outline).tolist()


def test_points_in_a_square_are_found() -> None:
    points = [(2, 2), (5, 2), (2, -1), (3.9, 0.1), (-0.1, 2)]

    assert found(points, *SQUARE) == [0, 3]


def test_a_notch_is_outside() -> None:
    notched = ([0, 4, 4, 2, 0], [0, 0, 4, 1, 4])

    assert found([(2, 3), (2, 0.5), (0.5, 2), (3.5, 2)], *notched) == [1, 2, 3]


def test_the_middle_of_a_knot_drawn_around_twice_is_outside() -> None:
    twice = ([0, 6, 6, 0, 0, 2, 4, 4, 2, 0], [0, 0, 6, 6, 0, 2, 2, 4, 4, 0])

    assert found([(3, 3), (1, 3), (5, 3)], *twice) == [1, 2]


def test_a_line_holds_nobody() -> None:
    assert found([(1, 1)], [0, 2], [0, 2]) == []


def test_nobody_is_inside_where_there_is_nobody() -> None:
    assert inside(np.empty(0), np.empty(0), *SQUARE).tolist() == []
