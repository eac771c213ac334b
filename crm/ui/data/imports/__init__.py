"""The pages of imports: a file in four steps, file → map → check → report."""
