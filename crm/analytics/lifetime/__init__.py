"""What a customer will bring: BG/NBD and Gamma-Gamma, by counts of days and orders."""
