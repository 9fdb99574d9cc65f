"""Problems that are tables and a few rules, such as routes and schedules."""
