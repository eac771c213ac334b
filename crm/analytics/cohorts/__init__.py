"""Customers by when they came: how many come back, and what they bring."""
