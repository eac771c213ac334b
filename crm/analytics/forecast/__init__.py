"""What will come in, by day, week or month, and what is unusual."""
