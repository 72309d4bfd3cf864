"""The loop that trains every network, and the command that makes the shipped ones: `python -m gruviz.training`."""
