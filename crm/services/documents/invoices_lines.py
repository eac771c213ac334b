"""What is asked of invoices and credit notes: how much of which line, on which day."""

from collections.abc import Mapping
from decimal import Decimal

from crm.errors import Invalid, NotFound, RuleBroken, Stale
from crm.i18n import _
from crm.models import PricedLine
from crm.models.values import exact
from crm.services.filters import shown

NOTHING = Decimal(0)


def chosen(
    left: Mapping[int, Decimal],
    quantities: Mapping[int, Decimal] | None,
    kind: type[PricedLine],
    used_up: str,
) -> dict[int, Decimal]:
    """How much to take of each line, by its id: `quantities`, or all that is `left`.

    Zeros are left out. What is left may be below zero, and so may what is taken.

    Raises:
        NotFound: a line is none of those.
        RuleBroken: nothing is left (`used_up` says so), or less than is asked for.
        Invalid: no quantity, or one of another sign or with more than four places.
    """
    if not any(left.values()):
        raise RuleBroken(used_up)
    if quantities is None:
        return {line: quantity for line, quantity in left.items() if quantity}
    if missing := quantities.keys() - left.keys():
        raise NotFound(kind, min(missing))
    wanted = {
        line: _sound(quantity, left[line])
        for line, quantity in quantities.items()
        if quantity
    }
    if not wanted:
        raise Invalid(_("Say how much of which line."), field="quantities")
    return wanted


def _sound(quantity: Decimal, left: Decimal) -> Decimal:
    try:
        quantity = exact(quantity)
    except ValueError as error:
        words = _("“{value}” is no quantity.").format(value=shown(quantity))
        raise Invalid(words, field="quantities") from error
    if left and (quantity < 0) != (left < 0):
        words = _("A quantity is above zero.")
        if left < 0:
            words = _("The quantity of this line is below zero.")
        raise Invalid(words, field="quantities")
    if abs(quantity) > abs(left):
        words = _("Only {left} is left of a line, and {quantity} was asked for.")
        raise RuleBroken(words.format(left=digits(left), quantity=digits(quantity)))
    return quantity


def expect(left: Mapping[int, Decimal], seen: Mapping[int, Decimal]) -> None:
    """Make sure that as much is left of each line as was `seen`; zeros do not count.

    Raises:
        Stale: it is not.
    """
    if {line: one for line, one in left.items() if one} != dict(seen):
        words = _("Something else was booked meanwhile. Nothing was issued.")
        raise Stale(words)


def digits(quantity: Decimal) -> str:
    """An exact number in as few digits as it takes."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
