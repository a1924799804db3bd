"""The commands of `./linli`; each module has `run(argv) -> return code`."""
