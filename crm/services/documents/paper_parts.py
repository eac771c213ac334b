"""What papers and letters of quotes and invoices have in common."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import inspect, select
from sqlmodel import Session

from crm import db
from crm.i18n import _
from crm.models import PricedLine, Product, Record
from crm.services.documents.papers import PaperLine

TAKEN = {"position", "quantity", "unit_price", "discount", "tax_rate", "amount"}


def lines(session: Session, given: Collection[PricedLine]) -> tuple[PaperLine, ...]:
    """Lines as they are printed: without a text of their own, with the product's."""
    products = rows(session, Product, (line.product_id for line in given))
    return tuple(_line(line, products[line.product_id]) for line in given)


def rows(session: Session, kind: type[Record], ids: Iterable[int]) -> dict[int, Any]:
    """Rows by id, whoever asks; those in the recycle bin, too.

    Whoever may read a paper may read what is on it.
    """
    table = inspect(kind).local_table
    found = select(table).where(db.ids_in(table.c.id, sorted(set(ids))))
    return {int(row.id): row for row in session.connection().execute(found)}


def letter(subject: str, parts: Sequence[str], ours: str) -> tuple[str, str]:
    """Subject and text of a mail in the language now spoken, signed by us.

    Args:
        parts: paragraphs.
        ours: the name of our company; perhaps empty.
    """
    regards = "\n".join(filter(None, (_("Kind regards"), ours)))
    subject = f"{subject} · {ours}" if ours else subject
    return subject[:200], "\n\n".join((*parts, regards))


def _line(line: PricedLine, product: Any) -> PaperLine:
    text = line.description or product.name
    return PaperLine(sku=product.sku, text=text, **line.model_dump(include=TAKEN))
