"""The scores of open leads: who may write them down, and where they are kept."""

from collections.abc import Mapping

from sqlmodel import Session

from crm.models import Actor
from crm.services.sales import stored_chances

KIND = "lead_score"  # of the analysis


def may_store(actor: Actor) -> bool:
    """Whether the scores of what this actor sees are those for everyone."""
    return stored_chances.may_store(actor, "lead")


def store(session: Session, scores: Mapping[int, float]) -> int:
    """Let each lead have its score, and all others none; how many changed.

    Args:
        scores: by the id of the lead, the chance to be converted, 0 to 1.

    Raises:
        Forbidden: see `may_store`.
    """
    return stored_chances.store(session, "lead", "score", scores)
