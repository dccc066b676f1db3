"""How this floor reacts to what happens below."""
