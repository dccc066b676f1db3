"""Import: read -> plain rows -> diff -> apply. What is read is kept as plain rows; files are not kept."""
