"""Access to the demo's own pages: outside the demo they do not exist for anybody."""

from tests.matrix.roles import Row

ROWS = [
    Row("demo_start"),
    Row("demo_as", kwargs=lambda cast: {"pk": cast.annemiek.pk}),
    Row("demo_inbox"),
    Row("demo_mail", kwargs=lambda cast: {"name": "x"}),
    Row("demo_attachment", kwargs=lambda cast: {"name": "x", "number": 0}),
]
ELSEWHERE = {}
