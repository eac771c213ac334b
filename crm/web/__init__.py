"""The web around the pages: who is asking, sign-in, first run, start and stop."""
