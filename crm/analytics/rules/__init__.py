"""What is bought together, whether by more than chance, and what to offer next."""
