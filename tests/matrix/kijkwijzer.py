"""Access to the pages of floor 4: how well."""

from tests.matrix.roles import Row

ROWS = [Row("overview", get="ib leiding leiding_next_door")]
ELSEWHERE = {}
