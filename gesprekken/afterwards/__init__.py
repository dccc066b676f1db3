"""After the gesprek: what people found of it, the advice, the years in one line, and what the next teacher is told."""
