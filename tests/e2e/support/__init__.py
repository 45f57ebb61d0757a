"""What the end-to-end tests stand on: processes, stores and expected results."""
