"""Talking to the model: wishes in words become edits to be accepted, questions become solves whose answer is said."""
