"""Views of users, tokens, currencies and settings."""
