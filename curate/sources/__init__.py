"""What lies on the disk before a record is decoded: sources, their shapes, their columns."""
