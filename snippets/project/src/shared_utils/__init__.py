"""What several notebooks need."""
