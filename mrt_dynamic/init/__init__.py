"""Setting a project up: what is there, what is to be written, and the next steps."""
