"""One package per audience; each puts the modules' pages together."""
