"""The lot: which recipients of a campaign are held out, so that it can be measured.

It is drawn once, when somebody is added, and can be drawn again with the same result:
a hash of the campaign's and the customer's id is as good as a number by chance, is
spread evenly over the customers, differs from campaign to campaign, and does not care
in what order, or how often, or with whom together, somebody is added. A greater share
holds out the same people and some more.
"""

from hashlib import blake2b


def number(campaign_id: int, customer_id: int) -> float:
    """The number drawn for a customer in a campaign: at least 0 and below 1."""
    drawn = blake2b(f"{campaign_id}:{customer_id}".encode(), digest_size=8).digest()
    return (int.from_bytes(drawn) >> 11) / 2**53


def is_held_out(campaign_id: int, customer_id: int, share: float) -> bool:
    """Whether the lot leaves a customer out, where `share` (0 to 1) are to be."""
    return number(campaign_id, customer_id) < share
