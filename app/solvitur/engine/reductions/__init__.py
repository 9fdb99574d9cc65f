"""Reductions: rewrite an instance for solvers that do not handle all of its features, and carry answers back."""
