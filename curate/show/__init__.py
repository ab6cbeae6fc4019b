"""How a report is told: the terminal and the page."""
