"""How a thing with a number lives: states, moves, and a clock in working time."""
