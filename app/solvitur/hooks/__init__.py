"""What plugins may offer, and how they are found and kept apart."""
