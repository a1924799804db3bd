"""Running Linli: command line, settings from the environment, embedded database, processes."""
