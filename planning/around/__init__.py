"""Around a time: where and in which form, who joins, in which language, and how a family takes part."""
