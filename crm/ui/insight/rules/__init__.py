"""The parts of the association rules page."""
