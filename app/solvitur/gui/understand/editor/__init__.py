"""The text editor of the model."""
