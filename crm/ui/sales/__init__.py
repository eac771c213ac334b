"""Views from lead to cash."""
