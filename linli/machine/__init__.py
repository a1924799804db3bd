"""Running Linli: the command line, settings from the environment, the embedded database, processes."""
