"""Pictures on screen and in files; imports pyqtgraph, so it is imported when the first picture is wanted."""
