"""Train on exactly the approved records."""
