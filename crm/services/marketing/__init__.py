"""Marketing: campaigns, whom they reach, and whom they leave out by lot."""
