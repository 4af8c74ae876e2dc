"""Sources: the text of a file, its trees, comments and suppressions, each made when it is asked for."""
