"""The workflow engine: runs steps as soon as they can run, keeps every result, and goes on where it was stopped."""
