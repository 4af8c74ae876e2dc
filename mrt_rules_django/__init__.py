"""Django frontend and its rules; nothing is here yet."""
