"""Quotes, orders, invoices and payments: what is agreed, owed and paid."""
