"""Models and answers as plain sentences, shown."""
