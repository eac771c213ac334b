"""What pages of models share to show how good a model is, and what it stands on."""
