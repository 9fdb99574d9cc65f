"""Graphs of any size on one canvas: the editor of workflows draws on it, and answers that are graphs."""
