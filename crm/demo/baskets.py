"""What lies in the baskets: the core, the planted rules, the decoys.

A basket holds one core product or more, drawn by the tastes of its segment, and
beside them, each by its own chance: antecedents of rules, consequents, decoys.
So every share, confidence and value follows from the parameters exactly.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crm.demo.catalogue import SCALE
from crm.demo.truths import DECOYS, PRICES_RISE, RULES, SEGMENTS, Rule

AT_HOME_FROM = 3  # the segments from this one on are private buyers'
SPREAD = 2.0  # shape of the gamma that spreads quantities


@dataclass(frozen=True)
class Assortment:
    """The range as the segments see it: tables of segments by products.

    Attributes:
        places: index of a product by its name.
        core: chance that one draw for the core gives this product.
        promoted: chance to be in a basket beside the core; no product has both.
        quantity: expected per line, of a customer of size 1.
        net: list price of today less the segment's discount, in euro.
    """

    places: dict[str, int]
    core: Any
    promoted: Any
    quantity: Any
    net: Any

    @classmethod
    def of(cls, products: pd.DataFrame) -> "Assortment":
        """The assortment of `crm.demo.catalogue.products`."""
        places = {name: place for place, name in enumerate(products["name"])}
        promoted = promotions(places)
        taste = products["category"].map
        weight = np.array(
            [taste(lambda c, s=s: s.tastes.get(c, 1.0)) for s in SEGMENTS]
        )
        weight *= products["popularity"].to_numpy() * (promoted == 0).all(axis=0)
        by_piece = products["durable"].to_numpy()
        quantity = [np.where(by_piece, s.pieces, s.quantity) for s in SEGMENTS]
        discount = np.array([segment.discount for segment in SEGMENTS])
        return cls(
            places,
            weight / weight.sum(axis=1, keepdims=True),
            promoted,
            np.array(quantity),
            np.outer(1 - discount, products["price"] / SCALE),
        )

    def held(self) -> Any:
        """Chance that a basket holds a product: a table of segments by products."""
        more = np.array([[segment.more_products] for segment in SEGMENTS])
        return 1 - (1 - self.core) * np.exp(-more * self.core) + self.promoted

    def order_values(self, segment: Any, size: Any) -> Any:
        """The expected value in euro of an order, by segment and size of customer."""
        once = (self.held() * self.net).sum(axis=1)
        more = (self.held() * self.net * (self.quantity - 1)).sum(axis=1)
        return once[segment] + more[segment] * size


def antecedent_chance(rule: Rule) -> Any:
    """Chance of the antecedent in a basket of each segment."""
    at_home = np.arange(len(SEGMENTS)) >= AT_HOME_FROM
    return np.where(at_home, rule.at_home, rule.at_work)


def consequent_chance(rule: Rule) -> Any:
    """Chance of the consequent in a basket of each segment."""
    antecedent = antecedent_chance(rule)
    return antecedent * rule.confidence + (1 - antecedent) * otherwise_chance(rule)


def otherwise_chance(rule: Rule) -> Any:
    """Chance of the consequent without the antecedent, where that is sold at all."""
    return np.where(antecedent_chance(rule) > 0, rule.otherwise, 0.0)


def promotions(places: dict[str, int]) -> Any:
    """Chances of what is not core: a table of segments by products."""
    chances = np.zeros((len(SEGMENTS), len(places)))
    for rule in RULES:
        chances[:, places[rule.antecedent]] = antecedent_chance(rule)
        chances[:, places[rule.consequent]] = consequent_chance(rule)
    for decoy, share in DECOYS.items():
        chances[:, places[decoy]] = share
    return chances


def fill(segment: Any, size: Any, assortment: Assortment, rng: Any) -> pd.DataFrame:
    """Fill one basket per entry of `segment` and `size` (of its customer).

    Returns:
        `basket` (its place), `product` (its place), `quantity`; by basket.
    """
    count = len(assortment.places)
    promoted = promoted_lines(segment, assortment, rng)
    drawn = np.concatenate([core_lines(segment, assortment, rng), promoted])
    drawn.sort()
    lines = drawn[np.diff(drawn, prepend=-1) != 0]  # np.unique takes ten times longer
    basket, product = lines // count, lines % count
    more = size[basket] * (assortment.quantity[segment[basket], product] - 1)
    spread = rng.standard_gamma(SPREAD, len(lines)) / SPREAD
    quantity = 1 + rng.poisson(more * spread)
    return pd.DataFrame({"basket": basket, "product": product, "quantity": quantity})


def core_lines(segment: Any, assortment: Assortment, rng: Any) -> Any:
    """Core draws, each as basket × number of products + product; some twice."""
    more = np.array([segment.more_products for segment in SEGMENTS])
    basket = np.repeat(np.arange(len(segment)), 1 + rng.poisson(more[segment]))
    row = segment[basket]
    heaped = assortment.core.cumsum(axis=1) + np.arange(len(SEGMENTS))[:, None]
    heaped[:, -1] = np.arange(1, len(SEGMENTS) + 1)
    drawn = np.searchsorted(heaped.ravel(), row + rng.random(len(row)), side="right")
    count = len(assortment.places)
    return basket * count + drawn - row * count


def promoted_lines(segment: Any, assortment: Assortment, rng: Any) -> Any:
    """Lines of rules and decoys, as `core_lines`; none twice."""
    lines = []
    for rule in RULES:
        has = rng.random(len(segment)) < antecedent_chance(rule)[segment]
        chance = np.where(has, rule.confidence, otherwise_chance(rule)[segment])
        follows = rng.random(len(segment)) < chance
        lines += [(rule.antecedent, has), (rule.consequent, follows)]
    for decoy, share in DECOYS.items():
        lines.append((decoy, rng.random(len(segment)) < share))
    count = len(assortment.places)
    return np.concatenate(
        [np.flatnonzero(held) * count + assortment.places[name] for name, held in lines]
    )


def prices(net: Any, years_ago: Any) -> Any:
    """Price agreed `years_ago`, in ten-thousandths of a euro, whole cents."""
    cents = np.rint(net * 100 / (1 + PRICES_RISE) ** years_ago).astype("int64")
    return cents * (SCALE // 100)
