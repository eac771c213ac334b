"""Clientele: customers, sales, service and marketing on one live database."""

__version__ = "0.1.0"
