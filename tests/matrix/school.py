"""Access to the pages of floor 1: who."""

from school import contact
from school.actor import LINK, Actor
from school.models import ContactReport, ImportBatch, Job
from tests.matrix.roles import ALL_STAFF, ANYBODY, PERSONAL, Row

REACHABLE = "guardian guardian_confirmed other_guardian"  # who may have no contact, reports nothing
LEADERS = "leiding leiding_next_door"
SASKIA = {
    "kwargs": lambda cast: {"pk": cast.saskia.pk},
    "foreign": lambda other: {"pk": other.jeroen.pk},
    "foreign_roles": "leiding_next_door",
}
NEW = {"first_name": "Nieuw", "last_name": "Hier", "email": "nieuw@wilgenhof.example"}


def relatie(person):
    return {"pk": person.relaties.get().pk}


def a_batch(cast):
    return {"pk": ImportBatch.objects.create(school=cast.school, names={}, rows={}, report={}, answers={}).pk}


def a_job(cast):
    return {"pk": Job.objects.create(school=cast.school, kind="school.import").pk}


def a_report(guardian):
    report = ContactReport.objects.filter(person=guardian).first()
    return {"pk": (report or contact.report(email="nieuw@ouders.example", by=Actor(guardian, LINK))).pk}


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
    Row("people", get=LEADERS),
    Row("guardians", get=LEADERS),
    Row("staff_new", get=LEADERS, post=LEADERS, data=NEW),
    Row("staff_invite_all", post=LEADERS),
    Row("person", get="leiding", post="leiding", data={"last_name": "X"}, **SASKIA),
    Row("staff_invite", post="leiding", **SASKIA),
    Row("staff_deactivate", post="leiding", **SASKIA),
    Row("staff_reactivate", post="leiding", **SASKIA),
    Row("staff_rol", post="leiding", data={"rol": "ib", "give": "1"}, **SASKIA),
    Row(
        "relatie_restrict",
        post="leiding",
        data={"restrict": "1"},
        kwargs=lambda cast: relatie(cast.kim),
        foreign=lambda other: relatie(other.anna),
        foreign_roles="leiding_next_door",
    ),
    Row("my_account", get=ALL_STAFF, post=ALL_STAFF, data={"language": "nl"}),
    Row("sign_out_everywhere", post=ALL_STAFF),
    Row("my_workdays", post=ALL_STAFF, data={"days": ["1", "2"]}),
    Row("staff_workdays", post="leiding", data={"days": ["1", "2"]}, **SASKIA),
    Row(
        "choose_school",
        post="leiding",
        kwargs=lambda cast: {"pk": cast.annemiek.pk},
        foreign=lambda other: {"pk": other.jeroen.pk},
    ),
    Row("my_contact", get=REACHABLE, post=REACHABLE, data={"phone": "06 12345678"}),
    Row(
        "contact_decide",
        post="teacher leiding",
        data={"klopt": "ja"},
        kwargs=lambda cast: a_report(cast.fatma),
        foreign=lambda other: a_report(other.anna),
        foreign_roles="leiding_next_door",
    ),
    Row("trust_address", post="leiding", **SASKIA),
    Row("school_settings", get=LEADERS, post=LEADERS),
    Row("failed_mail", get=LEADERS),
    Row("try_mail_again", post=LEADERS, data={"bericht": "1"}),
]

# Guarded by something else than who is asking; each has a test of its own.
ELSEWHERE = {
    "school_logo": "a logo is for everybody, or there is none: tests/school/test_schools.py",
    "link": "the token in the address decides: tests/school/test_doors.py",
}
