"""Systems outside the project that its notebooks talk to."""
