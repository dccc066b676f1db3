"""Access to the pages of floor 3: when."""

from tests.matrix.roles import ALL_STAFF, PERSONAL, Row

ROWS = [
    Row("my_page", get=PERSONAL),
    Row("pupil_page", get=PERSONAL),
    Row("today", get=ALL_STAFF),
    Row("rondes", get=ALL_STAFF),
]
ELSEWHERE = {}
