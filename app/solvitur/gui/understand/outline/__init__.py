"""The outline of the five elements and the form of the selected one."""
