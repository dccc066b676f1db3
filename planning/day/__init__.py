"""The day itself: who is where, who is late, and the teacher who cannot come."""
