"""Fills an empty database and makes its invitations, against the clock. Prints the figures as JSON.

Usage: python -m config.bench.making FAMILIES SCHOOL
"""

import json
import resource
import sys
from datetime import timedelta
from statistics import median
from time import perf_counter

ROUNDS = 3
NAIVE = 40  # letters a round that are laid out one by one: enough for a time per page
SIZES = (5, 50)  # of batches whose queries are counted


def invited(families, *, by_letter):
    """Everybody invited in an open ronde: both guardians by mail, or one of each family by letter. Returns the ronde."""
    from config.bench.school import build
    from gesprekken.models import Deelname, Ronde
    from planning.inviting import sending
    from planning.models import Invitation
    from school.models import Person

    build(families)
    ronde = Ronde.objects.latest("pk")
    asked = Deelname.objects.filter(gesprek__ronde=ronde, as_role=Deelname.As.OUDER).select_related("person", "gesprek")
    if by_letter:
        asked = asked.filter(person__first_name="Moeder")
        Person.objects.filter(pk__in=asked.values("person")).update(email="")
    chosen = list(asked.order_by("gesprek", "pk")[: families * (1 if by_letter else 2)])
    channel = Invitation.Channel.LETTER if by_letter else Invitation.Channel.MAIL
    rows = Invitation.objects.bulk_create(
        [Invitation(school=ronde.school, gesprek=row.gesprek, person=row.person, channel=channel) for row in chosen],
        batch_size=100,
    )
    if not by_letter:
        sending.put_invitations(ronde, rows, now=ronde.opened_at)
    return ronde


def timed(work):
    began = perf_counter()
    found = work()
    return perf_counter() - began, found


def processor_time():
    """Seconds of processor that this process used, and those that it started and that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


# --- mail ------------------------------------------------------------------------------------------------------------


def mail(families):
    from django.utils import timezone

    from school import outbox

    invited(families, by_letter=False)
    rows = list(outbox.due(timezone.now()))
    sample = outbox.write_together(rows[:1])[rows[0].pk][0]
    ours, bare = [0.0] * ROUNDS, [0.0] * ROUNDS
    for number in range(ROUNDS):
        for batch in batches(rows, outbox.AT_ONCE):  # in turns: what else the machine does slows down both alike
            bare[number] += timed(lambda some=batch: [bare_message(row, sample) for row in some])[0]
            ours[number] += timed(lambda some=batch: written(some))[0]
    queries = {str(size): queries_of(rows[:size]) for size in SIZES}
    sent, count = timed(lambda: outbox.deliver_all())
    assert count == len(rows)
    return {
        "families": families,
        "mails": len(rows),
        "per_second": round(len(rows) / median(ours), 1),
        "bare_per_second": round(len(rows) / median(bare), 1),
        "ratio": round(median(bare) / median(ours), 3),
        "sent_per_second": round(count / sent, 1),
        "queries": queries,
    }


def batches(rows, size):
    return (rows[n : n + size] for n in range(0, len(rows), size))


def written(rows):
    """The bytes of these mails, as the worker hands them over."""
    from school import outbox

    drafts = outbox.write_together(rows)
    return [outbox.message(row, drafts[row.pk][0]).message().as_bytes() for row in rows]


def queries_of(rows):
    from django.db import connection

    from school import outbox

    count = []
    with connection.execute_wrapper(lambda execute, *about: count.append(1) or execute(*about)):
        outbox.write_together(rows)
    return len(count)


def bare_message(row, sample):
    """The least a message with an appointment can be: finished words, one event, its bytes."""
    from django.core.mail import EmailMultiAlternatives
    from icalendar import Calendar, Event

    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//bench//")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event.add("uid", f"{row.pk}@bench.example")
    event.add("dtstamp", row.due_at)
    event.add("dtstart", row.due_at)
    event.add("dtend", row.due_at + timedelta(minutes=15))
    event.add("summary", "Gesprek")
    event.add("sequence", 0)
    calendar.add_component(event)
    email = EmailMultiAlternatives(
        subject=sample.subject, body=sample.text, from_email="school@bench.example", to=[row.recipient.email]
    )
    email.attach_alternative(sample.html, "text/html")
    email.attach("gesprek.ics", calendar.to_ical(), "text/calendar; method=REQUEST")
    return email.message().as_bytes()


# --- letters ---------------------------------------------------------------------------------------------------------


def letters(families):
    from gesprekken.models import Gesprek
    from planning.inviting import letters as writing
    from school.actor import Actor
    from school.models import Groep

    ronde = invited(families, by_letter=True)
    by = Actor.system(ronde.school)
    groepen = list(Groep.objects.filter(pk__in=Gesprek.objects.filter(ronde=ronde).values("groep")))
    head, sheets, tail = [], [], ""
    for groep in groepen[: 1 + NAIVE // 30]:
        head, more, tail = writing.write(ronde=ronde, groep=groep).in_pieces()
        sheets += more
    documents = [head + sheet + tail for sheet in sheets[:NAIVE]]
    ours, naive, memory = [], [], []
    busy = {"ours": [], "naive": []}  # seconds of processor per page: other work on the machine hardly touches those
    one_by_one(documents[:2])  # everything loaded once
    for _ in range(ROUNDS):
        began = processor_time()
        seconds, pages = timed(lambda: one_by_one(documents))
        naive.append(seconds / pages)
        busy["naive"].append((processor_time() - began) / pages)
        began = processor_time()
        seconds, job = timed(lambda: by_the_worker(ronde, groepen, by))
        pages = sum(sum(made["pages"]) for made in job.result["groepen"])
        assert sum(made["letters"] for made in job.result["groepen"]) == families
        ours.append(seconds / pages)
        busy["ours"].append((processor_time() - began) / pages)
        memory += [made["memory"] for made in job.result["groepen"]]
    return {
        "letters": families,
        "pages": pages,
        "ms_per_page": round(1000 * median(ours), 1),
        "naive_ms_per_page": round(1000 * median(naive), 1),
        "ratio": round(median(ours) / median(naive), 3),
        "processor_ms_per_page": round(1000 * median(busy["ours"]), 1),
        "naive_processor_ms_per_page": round(1000 * median(busy["naive"]), 1),
        "memory": max(memory),
    }


def one_by_one(documents):
    """How many pages these are, each made as WeasyPrint's own pages show it."""
    from weasyprint import HTML

    pages = 0
    for document in documents:
        laid_out = HTML(string=document).render(pdf_variant="pdf/ua-1")
        laid_out.write_pdf(pdf_variant="pdf/ua-1")
        pages += len(laid_out.pages)
    return pages


def by_the_worker(ronde, groepen, by):
    from planning.inviting import printing
    from school import jobs

    job = printing.print_later(ronde=ronde, groepen=groepen, by=by)
    jobs.work_all()
    job.refresh_from_db()
    assert job.state == "done", job.state
    return job


def main(families, school):
    import logging

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    logging.disable()
    call_command("migrate", run_syncdb=True, verbosity=0)
    figures = {"mail": mail(families), "letters": None}
    call_command("flush", interactive=False, verbosity=0)
    figures["letters"] = letters(school)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
