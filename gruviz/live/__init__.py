"""Networks of three cells that learn at the same time, watched while they do: the Train page."""
