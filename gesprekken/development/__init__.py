"""Development made visible (V3, V4): the charts of a pupil, what is shown of them, reports and work."""
