"""Turns statements in words into models, offline."""
