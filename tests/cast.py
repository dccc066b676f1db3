"""The cast: one small school with everybody the domain talks about, and a second school next door.

Today is Tuesday 10 November 2026 in every test. `Cast.build()` writes straight to the tables, so that it is quick and
does not depend on the verbs under test.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from gesprekken.models import (
    Activiteit,
    Agreement,
    Deelname,
    Gesprek,
    Jaarplan,
    JaarplanVersie,
    PortfolioItem,
    Ronde,
    RondeGroep,
    ShownChart,
    Soort,
    Verslag,
)
from gesprekken.preparing.questions import load_questions
from planning.inviting import opening
from planning.models import Slot
from planning.times import windows
from school.actor import ACCOUNT, Actor
from school.models import (
    Gezin,
    Groep,
    Leerling,
    Lesgeven,
    Lidmaatschap,
    Medewerker,
    Person,
    Relatie,
    Rol,
    School,
    Schooljaar,
    Toetsresultaat,
    User,
    VrijeDag,
)

NOW = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
PASSWORD = "een heel lang wachtwoord"
# "een heel lang wachtwoord", hashed once by a quick hasher: making a real hash costs a tenth of a second per person.
PASSWORD_HASH = "md5$cast$c87ba0e653a9f462e94caa4f6329a8f9"


@dataclass
class Cast:
    school: School = None
    year: Schooljaar = None
    people: dict = field(default_factory=dict)

    def __getattr__(self, name):
        if name.startswith("_") or name not in self.__dict__.get("people", {}):
            raise AttributeError(name)
        return self.people[name]

    # --- building -----------------------------------------------------------------------------------------------------
    def staff(self, name, first, last, *, prefix="", rol=None, groepen=(), key="", function=""):
        user = User.objects.create(email=f"{name}@{self.school.slug}.example", password=PASSWORD_HASH)
        person = Person.objects.create(
            school=self.school, user=user, first_name=first, prefix=prefix, last_name=last, email=user.email
        )
        medewerker = Medewerker.objects.create(school=self.school, person=person, key=key, function=function)
        if rol:
            Rol.objects.create(school=self.school, person=person, soort=rol)
        for groep in groepen:
            Lesgeven.objects.create(school=self.school, groep=groep, medewerker=medewerker, taak="STA")
        self.people[name] = person
        return person

    def pupil(self, name, first, last, groep, *, prefix="", born=None):
        person = Person.objects.create(school=self.school, first_name=first, prefix=prefix, last_name=last)
        leerling = Leerling.objects.create(school=self.school, person=person, key=f"L-{name}", born_on=born)
        Lidmaatschap.objects.create(school=self.school, groep=groep, leerling=leerling)
        self.people[name] = leerling
        return leerling

    def guardian(self, name, first, last, children, *, prefix="", email=True, gezin=None, language="nl", **relatie):
        address = f"{name}@ouders.example" if email is True else (email or "")
        person = Person.objects.create(
            school=self.school, first_name=first, prefix=prefix, last_name=last, email=address, language=language
        )
        for child in children:
            Relatie.objects.create(school=self.school, person=person, leerling=child, gezin=gezin, **relatie)
        self.people[name] = person
        return person

    def groep(self, name, key, label, jaargroep, year=None):
        self.people[name] = Groep.objects.create(
            school=self.school, schooljaar=year or self.year, key=key, name=label, jaargroep=jaargroep
        )
        return self.people[name]

    @classmethod
    def build(cls):
        cast = cls()
        cast.school = School.objects.create(  # without Turkish: Fatma speaks it, and most tests read her pages in Dutch
            slug="wilgenhof", name="De Wilgenhof", phone="010 555 01 23", languages=["nl", "en", "ar"]
        )
        cast.year = Schooljaar.objects.create(school=cast.school, starts_on=date(2026, 8, 1), ends_on=date(2027, 7, 31))
        Jaarplan.objects.create(school=cast.school, schooljaar=cast.year)
        g3, g5, g8 = (cast.groep(f"groep{n}", f"G0{n}", f"Groep {n}", str(n)) for n in (3, 5, 8))
        cast.staff("annemiek", "Annemiek", "Postma", rol="leiding", key="LK13", function="Directeur")
        cast.staff("pieter", "Pieter", "Jong", prefix="de", rol="ib", key="LK12", function="Intern begeleider")
        cast.staff("saskia", "Saskia", "Mulder", groepen=[g5], key="LK05")
        cast.staff("bas", "Bas", "Berg", prefix="van den", groepen=[g8], key="LK08")
        cast.staff("ilse", "Ilse", "Smit", groepen=[g3], key="LK03")
        cast.staff("maarten", "Maarten", "Peters", groepen=[g3], key="LK04")

        cast.pupil("elif", "Elif", "Yılmaz", g5, born=date(2017, 3, 2))
        cast.pupil("emre", "Emre", "Yılmaz", g8, born=date(2014, 12, 20))
        cast.pupil("noor", "Noor", "Vries", g5, prefix="de", born=date(2017, 6, 9))
        cast.pupil("daan", "Daan", "Bos", g3, born=date(2020, 1, 30))
        cast.pupil("tess", "Tess", "Hof", g5, prefix="van 't", born=date(2017, 9, 1))

        home = Gezin.objects.create(school=cast.school, key="F1")
        cast.guardian("fatma", "Fatma", "Yılmaz", [cast.elif_, cast.emre], gezin=home, language="tr", interpreter=True)
        cast.guardian("ali", "Ali", "Yılmaz", [cast.elif_, cast.emre], gezin=home)
        cast.guardian("kim", "Kim", "Dijk", [cast.noor], prefix="van", apart=True)
        cast.guardian("joost", "Joost", "Vries", [cast.noor], prefix="de", apart=True)
        cast.guardian("ria", "Ria", "Bos", [cast.daan], email=False)  # no address: a letter
        cast.guardian("sander", "Sander", "Hof", [cast.tess], prefix="van 't")
        cast.guardian("rob", "Rob", "Kuiper", [cast.tess], restriction=True, custody=False)
        return cast

    @property
    def elif_(self):
        return self.people["elif"]

    @classmethod
    def next_door(cls):
        """Another school with people of the same kinds: whatever of theirs is asked for here does not exist."""
        cast = cls()
        cast.school = School.objects.create(slug="zonneweide", name="De Zonneweide")
        cast.year = Schooljaar.objects.create(school=cast.school, starts_on=date(2026, 8, 1), ends_on=date(2027, 7, 31))
        Jaarplan.objects.create(school=cast.school, schooljaar=cast.year)
        g5 = cast.groep("groep5", "G05", "Groep 5", "5")
        cast.staff("vera", "Vera", "Visser", rol="leiding")
        cast.staff("jeroen", "Jeroen", "Meer", prefix="van der", groepen=[g5])
        cast.pupil("mila", "Mila", "Kok", g5)
        cast.guardian("anna", "Anna", "Kok", [cast.mila])
        return cast

    # --- what most tests start from -----------------------------------------------------------------------------------
    def with_ronde(self, *, state=Ronde.State.DRAFT, code="voortgangsgesprek", groepen=None, **fields):
        """A ronde of 23-27 November for the given groups (all by default), not opened by any verb."""
        soort, _ = Soort.objects.get_or_create(school=self.school, code=code, defaults={"name": "Voortgangsgesprek"})
        values = {
            "name": "Voortgangsgesprekken november",
            "starts_on": date(2026, 11, 23),
            "ends_on": date(2026, 11, 27),
            "purpose": "We bespreken hoe het met uw kind gaat.",
            "points": "Wat goed gaat\nWat beter kan",
            **fields,
        }
        ronde = Ronde.objects.create(school=self.school, schooljaar=self.year, soort=soort, state=state, **values)
        for groep in groepen or Groep.objects.filter(schooljaar=self.year):
            RondeGroep.objects.create(school=self.school, ronde=ronde, groep=groep)
        self.people["ronde"] = ronde
        return ronde

    def with_gesprek(self, leerling=None, ronde=None, *, party=Gesprek.TOGETHER, guardians=None):
        """One gesprek with its guardians, pupil and teachers as participants."""
        leerling = leerling or self.people.get("elif") or self.people["mila"]
        ronde = ronde or self.people.get("ronde") or self.with_ronde(state=Ronde.State.OPEN)
        groep = leerling.groepen.get(schooljaar=self.year)
        gesprek = Gesprek.objects.create(school=self.school, ronde=ronde, leerling=leerling, groep=groep, party=party)
        if guardians is None:
            guardians = [r.person for r in Relatie.objects.invited().filter(leerling=leerling)]
        taking_part = [(p, Deelname.As.OUDER) for p in guardians]
        taking_part += [(leerling.person, Deelname.As.LEERLING)]
        taking_part += [(les.medewerker.person, Deelname.As.LEERKRACHT) for les in groep.lesgeven.all()]
        for person, role in taking_part:
            Deelname.objects.create(school=self.school, gesprek=gesprek, person=person, as_role=role)
        self.people["gesprek"] = gesprek
        return gesprek

    def with_times(self, *medewerkers, on=date(2026, 11, 24), starts=time(15), ends=time(17), ronde=None):
        """Windows, and so slots, for these people (all teachers of the ronde by default). Returns the slots."""
        ronde = ronde or self.ronde
        by = Actor.system(self.school)
        for medewerker in [p.medewerker for p in medewerkers] or windows.teachers_of(ronde):
            windows.give_window(ronde=ronde, medewerker=medewerker, on=on, starts=starts, ends=ends, by=by)
        return list(Slot.objects.filter(ronde=ronde).order_by("starts_at", "pk"))

    def with_open_ronde(self, **fields):
        """A ronde with times for every teacher, opened by leadership through the real verb."""
        ronde = self.with_ronde(**fields)
        self.with_times()
        opening.open_ronde(ronde=ronde, by=Actor(self.annemiek, ACCOUNT), now=NOW)
        return ronde

    def gesprek_of(self, leerling, guardian=None):
        """The gesprek of this pupil in the ronde; of the party with this guardian, where parents talk apart."""
        gesprekken = Gesprek.objects.filter(ronde=self.ronde, leerling=leerling)
        return gesprekken.get(deelnames__person=guardian) if guardian else gesprekken.get()

    def with_terugblik(self, gesprek=None, *, observer=None, scores=None, saved_at=NOW):
        """A saved look back on a gesprek by the teacher of its group, with the given {item code: 1-5 or 'nvt'}."""
        from kijkwijzer.instrument import load_instrument
        from kijkwijzer.models import Score, Terugblik

        gesprek = gesprek or self.people.get("gesprek") or self.with_gesprek()
        observer = observer or gesprek.groep.lesgeven.first().medewerker.person
        instrument = load_instrument(self.school)
        terugblik = Terugblik.objects.create(
            school=self.school,
            gesprek=gesprek,
            observer=observer,
            about=observer,
            instrument=instrument,
            version=1,
            saved_at=saved_at,
        )
        items = {item.code: item for item in instrument.items.all()}
        for code, value in (scores or {}).items():
            nvt = value == "nvt"
            Score.objects.create(
                school=self.school,
                terugblik=terugblik,
                item=items[code],
                value=None if nvt else value,
                not_applicable=nvt,
            )
        self.people["terugblik"] = terugblik
        return terugblik

    def with_invite(self, gesprek=None, *, observer=None, accepted=None, **fields):
        """The teacher of a gesprek asks a colleague to observe it (Ilse by default)."""
        from kijkwijzer.models import ObserverInvite

        gesprek = gesprek or self.people.get("gesprek") or self.with_gesprek()
        teacher = gesprek.groep.lesgeven.first().medewerker.person
        observer = observer or self.people.get("ilse") or self.people["vera"]
        invite, _ = ObserverInvite.objects.update_or_create(
            gesprek=gesprek,
            teacher=teacher,
            observer=observer,
            defaults={"school": self.school, "accepted": accepted, "asked_at": NOW, **fields},
        )
        return invite

    def with_observation(self, gesprek=None, *, observer=None, scores=None, finished_at=NOW):
        """What that colleague saw: scores of a look back that is about the teacher of the gesprek."""
        from kijkwijzer.models import Terugblik

        invite = self.with_invite(gesprek, observer=observer, accepted=True)
        terugblik = self.with_terugblik(invite.gesprek, observer=invite.observer, scores=scores)
        about = {"mode": Terugblik.Mode.COLLEAGUE, "about": invite.teacher, "finished_at": finished_at}
        Terugblik.objects.filter(pk=terugblik.pk).update(**about)
        terugblik.refresh_from_db()
        return terugblik

    def with_free_day(self, first=date(2026, 10, 17), last=date(2026, 10, 25), *, name="Herfstvakantie", soort=None):
        """A holiday in the cast's year."""
        return VrijeDag.objects.create(
            school=self.school,
            schooljaar=self.year,
            soort=soort or VrijeDag.Soort.VAKANTIE,
            name=name,
            starts_on=first,
            ends_on=last,
        )

    def with_activity(self, on=date(2026, 9, 22), *, name="Informatieavond", soort="informatieavond", **fields):
        """Another parent activity in the cast's year."""
        return Activiteit.objects.create(
            school=self.school, jaarplan=self.year.jaarplan, soort=soort, name=name, on=on, **fields
        )

    def with_shared_year(self, entries=()):
        """The year as shared once, with these entries (plain data)."""
        JaarplanVersie.objects.create(
            school=self.school, jaarplan=self.year.jaarplan, version=1, published_at=NOW, entries=list(entries)
        )
        Jaarplan.objects.filter(pk=self.year.jaarplan.pk).update(published_at=NOW, published_version=1)

    def with_development(self, gesprek=None, *, vak="rekenen", released=True, title="Rapport"):
        """Two results of one vak that are shown at the gesprek, and a report. Returns the PortfolioItem."""
        from django.core.files.base import ContentFile

        gesprek = gesprek or self.people.get("gesprek") or self.with_gesprek()
        about = {"school": self.school, "leerling": gesprek.leerling}
        for toets, day, level in (("M4", date(2026, 2, 3), "E3"), ("E4", date(2026, 6, 3), "M4")):
            Toetsresultaat.objects.get_or_create(
                **about, vak=vak, toets=toets, taken_on=day, defaults={"score": 120, "functioneringsniveau": level}
            )
        ShownChart.objects.get_or_create(school=self.school, gesprek=gesprek, vak=vak)
        item = PortfolioItem(**about, gesprek=gesprek, kind="report", title=title, content_type="application/pdf")
        item.secret, item.size, item.created_at = f"{gesprek.pk}-{title}-{vak}", 9, NOW
        item.released_at = NOW if released else None
        item.file.save("x", ContentFile(b"%PDF-1.7\n"), save=True)
        return item

    def with_questions(self):
        load_questions(self.school)
        return self

    def with_verslag(self, gesprek=None, *, state=Verslag.State.FINAL, about_child="Het gaat goed.", released=False):
        """A verslag with one agreement for everybody who takes part; released to its guardians when asked."""
        gesprek = gesprek or self.people.get("gesprek") or self.with_gesprek()
        final = state == Verslag.State.FINAL
        if final:
            Gesprek.objects.filter(pk=gesprek.pk).update(held_on=TODAY)
            gesprek.held_on = TODAY
        verslag = Verslag.objects.create(
            school=self.school,
            gesprek=gesprek,
            state=state,
            about_child=about_child,
            finalised_at=NOW if final else None,
            released_at=NOW if released else None,
        )
        agreement = Agreement.objects.create(
            school=self.school, gesprek=gesprek, verslag=verslag, who="Ouders", what="Elke avond tien minuten lezen"
        )
        agreement.concerns.set(Person.objects.filter(deelnames__gesprek=gesprek))
        if released:
            guardians = gesprek.deelnames.filter(as_role=Deelname.As.OUDER)
            verslag.released_to.set(Person.objects.filter(deelnames__in=guardians))
        return verslag
