"""A plan made from everybody's wishes: asked for, made, read, adjusted, released."""
