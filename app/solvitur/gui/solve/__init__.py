"""The Solve place and the solver panel."""
