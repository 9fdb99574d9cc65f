"""Workflows: a DAG of typed steps, its edits and its planning. No Qt, no engine."""
