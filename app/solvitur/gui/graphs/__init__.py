"""Answers that are graphs, in a view of their own: laid out, filtered, searched for patterns, up to 100 000 nodes."""
