"""How a cell is written down: as equations, and as the lines of a program."""
