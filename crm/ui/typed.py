"""Numbers as people type them, for a service to read: nothing is guessed at."""

import re

GROUPED = re.compile(r"[-+−]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")


def ungrouped(text: str) -> str:
    """`text` without white space and the commas between groups of thousands.

    Any other comma stays, so that “1,5” is refused and never taken for 15.
    """
    joined = "".join(text.split())
    return joined.replace(",", "") if GROUPED.fullmatch(joined) else joined
