"""Customers, their contacts, and the segments they fall into."""
