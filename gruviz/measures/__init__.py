"""What is measured of a cell or a trained network: costs, how open its gates are, how long a change lives."""
