"""The Plan place: the workflow of a problem as a graph to be drawn, run and looked into."""
