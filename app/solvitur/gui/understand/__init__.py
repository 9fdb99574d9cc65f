"""The Understand place: the problem in words, as text, as forms, as formulas and as tables."""
