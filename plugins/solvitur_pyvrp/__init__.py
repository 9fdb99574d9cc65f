"""PyVRP as a solver of routing problems."""
