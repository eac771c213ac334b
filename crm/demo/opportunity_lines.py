"""The products that opportunities are about, and what they come to."""

from typing import Any

import numpy as np
import pandas as pd

from crm.demo.pools import lengths, pick_from

RANGE = {  # what an opportunity of that name is about; one of the first two leads
    "Office fit-out": (
        "Desk 160 × 80 cm, oak", "Standing desk, electric, 160 cm",
        "Swivel chair Linea", "Desk lamp, LED", "Mobile pedestal, 3 drawers",
    ),
    "Coffee corner": (
        "Bean-to-cup machine Vapore Auto", "Espresso machine Vapore Due",
        "House blend coffee beans, 1 kg", "Coffee mugs, white, 12", "Latte glasses, 6",
    ),
    "Framework agreement": (
        "Copy paper A4, 80 g, 5 × 500 sheets", "House blend coffee beans, 1 kg",
        "Barista oat drink, 6 × 1 l", "Toner Lumen L320, black", "Dishwasher tabs, 100",
    ),
    "Espresso machines": (
        "Espresso machine Vapore Due", "Bean-to-cup machine Vapore Auto",
        "Burr grinder Molino 64", "Milk frother, induction", "Cleaning tablets, 100",
    ),
    "Printers for the new floor": (
        "Laser printer Lumen L320", "Document scanner Foglio 30",
        "Toner Lumen L320, black", "Label printer Etiq 62", "Shredder P4, 22 l",
    ),
    "Meeting room": (
        "Meeting table, 220 cm", "Acoustic panel, felt", "Stacking chair",
        "Whiteboard 120 × 90 cm", "Flip chart paper, 5 pads",
    ),
    "Workplace supplies": (
        "Lever arch files, 10", "Copy paper A4, 80 g, 5 × 500 sheets",
        "Ballpoint pens, blue, 50", "Sticky notes, 12 pads", "Document trays, 4",
    ),
}  # fmt: skip
LEADING = 2
LINES = (0.25, 0.4, 0.35)  # share of opportunities with one, two, three products
SHARES = (0.6, 0.25, 0.15)  # of the worth, line by line
DISCOUNTS = {0: 0.6, 5: 0.25, 10: 0.15}  # percent
PAR = {"": 1.0, "USD": 1.1, "GBP": 0.86}  # of a euro, as our export prices have it
CENT = 100  # ten-thousandths


def draw_lines(
    opportunities: pd.DataFrame, products: pd.DataFrame, rng: Any
) -> pd.DataFrame:
    """What is to be sold, by opportunity; none where nobody knows yet.

    Args:
        opportunities: as from `draw_opportunities`.
        products: `sku`, `name`, `price`.

    Returns:
        `crm.demo.company.OPPORTUNITY_LINES`.
    """
    known = np.flatnonzero(~opportunities["is_unknown"])
    count = rng.choice(len(LINES), len(known), p=LINES) + 1
    of = np.repeat(known, count)
    place = np.concatenate([np.arange(n) for n in count] or [np.array([], int)])
    name = opportunities["name"].to_numpy()[of]
    which = pd.Index(list(RANGE)).get_indexer(name)
    product = _named(which, place, of, len(opportunities), rng)
    sold = products.set_index("name").loc[product]
    par = opportunities["currency"].map(PAR).to_numpy()[of]
    price = (sold["price"].to_numpy() * par / CENT).round().astype("int64") * CENT
    worth = opportunities["worth"].to_numpy()[of] * 10_000
    share = np.array(SHARES)[place]
    discount = rng.choice(
        list(DISCOUNTS), len(opportunities), p=list(DISCOUNTS.values())
    )
    quantity = np.maximum((worth * share * par / price).round(), 1).astype("int64")
    return pd.DataFrame(
        {
            "opportunity": of,
            "position": place + 1,
            "sku": sold["sku"].to_numpy(),
            "quantity": quantity,
            "unit_price": price,
            "discount": discount[of],
            "amount": amounts(quantity, price, discount[of]),
        }
    )


def amounts(quantity: Any, price: Any, discount: Any) -> Any:
    """Of lines, in ten-thousandths, rounded to whole cents; a discount in percent."""
    return (quantity * price * (100 - discount) + 5_000) // 10_000 * CENT


def _named(which: Any, place: Any, of: Any, count: int, rng: Any) -> pd.Series:
    """The product of each line: one of the leading ones, then others, none twice."""
    names = list(RANGE.values())
    first = rng.integers(0, LEADING, count)[of]
    others = lengths(names)[which] - LEADING
    start = rng.integers(0, 100, count)[of]
    later = LEADING + (start + place) % others
    return pick_from(names, which, np.where(place == 0, first, later))
