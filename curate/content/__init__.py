"""What is known about texts: languages, numbers, code, SQL, JSON, telephone numbers."""
