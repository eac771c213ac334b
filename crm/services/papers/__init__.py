"""Papers: quotes, order confirmations, invoices and credit notes as PDF."""

from crm.services.papers.paper import Paper, PaperLine
from crm.services.papers.printing import pdf

__all__ = ["Paper", "PaperLine", "pdf"]
