"""Who may come in, and how this company is set up."""
