"""Changes that are offered, shown side by side with what is there, and taken or left one by one."""
