"""The model as mathematical formulas."""
