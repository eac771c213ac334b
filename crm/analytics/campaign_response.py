"""How readily customers answer campaigns, as a feature to compare them by."""

import pandas as pd

from crm.analytics.segmentation.features import RESPONSE


def with_share(buyers: pd.DataFrame, responses: pd.DataFrame) -> pd.DataFrame:
    """`buyers` with `RESPONSE`: of the campaigns that have reached a customer, the
    share (0 to 1) to which it has responded; NaN where none has.

    Args:
        buyers: a row each, with `customer_id`.
        responses: as in `crm.frames.RESPONSES`.
    """
    found = responses.set_index("customer_id")
    share = found["responded"] / found["reached"]
    return buyers.assign(**{RESPONSE: buyers["customer_id"].map(share)})
