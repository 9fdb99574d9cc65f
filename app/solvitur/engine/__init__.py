"""The session: the open project, jobs and workers, history and runs. No Qt."""
