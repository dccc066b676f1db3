"""Access to the pages of floor 1: who."""

from tests.matrix.roles import ANYBODY, PERSONAL, Row

ROWS = [
    Row("home", get=ANYBODY),
    Row("health", get=ANYBODY),
    Row("code", get=ANYBODY, post=ANYBODY),
    Row("link_needed", get=ANYBODY),
    Row("second_step", get=PERSONAL, post=PERSONAL),
    Row("switch_hat", post=ANYBODY),
    Row("leave", post=ANYBODY),
    Row("choose_language", post=ANYBODY, data={"language": "en"}),
]

# Guarded by something else than who is asking; each has a test of its own.
ELSEWHERE = {
    "link": "the token in the address decides: tests/school/test_doors.py",
}
