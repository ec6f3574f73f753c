"""The editors' admin: entries to read, proposals to write and review, history to go back to."""
