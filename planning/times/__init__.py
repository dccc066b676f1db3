"""A time: what teachers give, what is laid out of it, who it takes up, and how it becomes somebody's."""
