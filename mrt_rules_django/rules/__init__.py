"""The rules particular to Django, one file a rule."""
