"""Scheduling problems: kind, files, pictures, and solvers."""
