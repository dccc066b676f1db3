"""Access to the pages of floor 1: who."""

from school.models import ImportBatch, Job
from tests.matrix.roles import ANYBODY, PERSONAL, Row


def a_batch(cast):
    return {"pk": ImportBatch.objects.create(school=cast.school, names={}, rows={}, report={}, answers={}).pk}


def a_job(cast):
    return {"pk": Job.objects.create(school=cast.school, kind="school.import").pk}


ROWS = [
    Row("home", get=ANYBODY),
    Row("health", get=ANYBODY),
    Row("code", get=ANYBODY, post=ANYBODY),
    Row("link_needed", get=ANYBODY),
    Row("second_step", get=PERSONAL, post=PERSONAL),
    Row("switch_hat", post=ANYBODY),
    Row("leave", post=ANYBODY),
    Row("choose_language", post=ANYBODY, data={"language": "en"}),
    Row("import_start", get="leiding leiding_next_door", post="leiding leiding_next_door"),
    Row("import_links", get="leiding leiding_next_door", post="leiding leiding_next_door"),
    Row(
        "import_preview",
        get="leiding",
        post="leiding",
        kwargs=a_batch,
        foreign=a_batch,
        foreign_roles="leiding_next_door",
    ),
    Row("import_forget", post="leiding", kwargs=a_batch, foreign=a_batch, foreign_roles="leiding_next_door"),
    Row("job", get="leiding", kwargs=a_job, foreign=a_job, foreign_roles="leiding_next_door"),
]

# Guarded by something else than who is asking; each has a test of its own.
ELSEWHERE = {
    "link": "the token in the address decides: tests/school/test_doors.py",
}
