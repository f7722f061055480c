"""What a reader's browser gets: each page of the built site, looked at whole."""
