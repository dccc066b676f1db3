"""Inviting: what must be right first, the text, mail and letters, and who has not reacted yet."""
