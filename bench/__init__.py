"""What the figures in the documents come from: each script prints them and names its command."""
