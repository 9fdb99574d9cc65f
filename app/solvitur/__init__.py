"""Solvitur: a desktop workbench for decision problems."""

__version__ = "0.1.0"
