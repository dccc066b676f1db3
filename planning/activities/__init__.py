"""Other parent activities (C6): who is welcome, who comes, who is told."""
