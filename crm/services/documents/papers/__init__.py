"""Papers: quotes, order confirmations, invoices and credit notes as PDF."""

from crm.services.documents.papers.paper import Paper, PaperLine
from crm.services.documents.papers.printing import pdf

__all__ = ["Paper", "PaperLine", "pdf"]
