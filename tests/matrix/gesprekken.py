"""Access to the pages of gesprekken."""

ROWS = []
ELSEWHERE = {}
