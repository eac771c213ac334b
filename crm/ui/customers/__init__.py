"""Views of customers, contacts and segments."""
