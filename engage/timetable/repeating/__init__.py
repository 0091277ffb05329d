"""What is asked again: the next entry drafted from the last one."""
