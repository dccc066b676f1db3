"""Who may see and do what with the year, the gesprekken and what is said in them.

The record has three parts, and they never mix: about the child (the guardians it was released to), confidential to one
guardian (that guardian and the gesprek's own teachers), and a teacher's working note (its author alone).

Three circles of staff stand around a gesprek. Its *teachers* (of the group, or taking part as such) read and record
everything. *Who conducts* it (also a second colleague, an expert) works on the record about the child and reads what is on
the table, never what was confided. *Leadership and the intern begeleider* see that it takes place, and its final record.
"""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from gesprekken.models import (
    Aanvraag,
    Activiteit,
    Advies,
    Agreement,
    Answer,
    Bespreekpunt,
    Confidential,
    Deelname,
    DraftVersion,
    Feedback,
    Gesprek,
    NormBand,
    Overdracht,
    PortfolioItem,
    Ronde,
    RouteLevel,
    ShownChart,
    Slide,
    Soort,
    StandardText,
    Verslag,
    Visibility,
    Voorbereiding,
    WorkingNote,
)
from school.actor import CONFIRMED, PERSONAL, Actor
from school.models import Groep, Leerling, Lidmaatschap, Medewerker, Person, Relatie, Toetsresultaat, VrijeDag

FEEDBACK_DAYS = 14  # so many days after the last day of a ronde people can say what they found of it

# Who takes part without holding the gesprek; everybody else in it is a colleague at the table.
NOT_HOLDING = [Deelname.As.OUDER, Deelname.As.LEERLING, Deelname.As.ACHTERAF, Deelname.As.TOLK]

# --- the year --------------------------------------------------------------------------------------------------------


def may_edit_year(actor):
    return actor.is_leiding


def may_edit_ronde(actor):
    return actor.is_leiding


def may_see_draft_year(actor):
    """What is not shared yet is leadership's; everybody else sees the last publication."""
    return actor.is_leiding


def may_edit_soorten(actor):
    return actor.is_leiding


def visible_soorten(actor):
    soorten = Soort.objects.filter(school=actor.school)
    return soorten if actor.is_leiding else soorten.none()


def visible_activiteiten(actor):
    """To change them; reading goes through the publication."""
    activiteiten = Activiteit.objects.filter(school=actor.school, called_off_at=None)
    return activiteiten if actor.is_leiding else activiteiten.none()


def visible_activity_guests(actor):
    """The activities of which a member of staff sees who is invited and who comes: leadership and IB all, a teacher
    those to which the families of her groups were invited.
    """
    activiteiten = Activiteit.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return activiteiten
    if not actor.is_staff or not actor.groep_ids:
        return activiteiten.none()
    everybody = Q(groepen=None, jaarplan__schooljaar__groepen__in=actor.groep_ids)
    return activiteiten.filter(everybody | Q(groepen__in=actor.groep_ids), invited_at__isnull=False).distinct()


def visible_vrije_dagen(actor):
    """To change them; reading goes through the publication."""
    days = VrijeDag.objects.filter(school=actor.school)
    return days if actor.is_leiding else days.none()


def choosable_colleagues(actor):
    """Who can be a second colleague: everybody who works here now."""
    staff = Medewerker.objects.filter(school=actor.school, left_on__isnull=True)
    return staff.select_related("person").order_by("person__last_name") if actor.is_leiding else staff.none()


def own_groepen(person):
    """The groups of somebody's children (as far as nothing keeps them apart), or of the pupil."""
    reachable = Relatie.objects.reachable().filter(person=person).values("leerling")
    mine = Q(leerling__in=reachable) | Q(leerling__person=person)
    return Groep.objects.filter(
        school=person.school_id, pk__in=Lidmaatschap.objects.filter(mine).values("groep"), gone=False
    )


def visible_rondes(actor):
    """Leadership and IB see every ronde; teachers those of their groups, and those they join as a second colleague.

    Nobody else sees a ronde as such.
    """
    rondes = Ronde.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return rondes
    if actor.is_staff:
        joining = Q(ronde_groepen__tweede_collega__person=actor.person) | Q(colleague_pool__person=actor.person)
        return rondes.filter(Q(groepen__in=actor.groep_ids) | joining).distinct()
    return rondes.none()


# --- a gesprek -------------------------------------------------------------------------------------------------------


def visible_gesprekken(actor):
    """Staff: leadership and IB all, a teacher those of her groups and those she takes part in.

    A guardian: those she takes part in, as long as nothing keeps her from the child. A pupil: her own, where she is
    invited. Loading a gesprek through this is authorising.
    """
    gesprekken = Gesprek.objects.filter(school=actor.school)
    if actor.is_leiding or actor.is_ib:
        return gesprekken
    if actor.person is None:
        return gesprekken.none()
    if actor.is_staff:
        as_staff = Deelname.objects.filter(person=actor.person).exclude(as_role__in=NOT_HOLDING)
        return gesprekken.filter(Q(groep__in=actor.groep_ids) | Q(pk__in=as_staff.values("gesprek"))).distinct()
    reachable = Relatie.objects.reachable().filter(person=actor.person).values("leerling")
    # One join, as somebody takes part in a gesprek once; and her own first, or the database walks through the school's.
    gesprekken = gesprekken.filter(pk__in=Deelname.objects.filter(person=actor.person).values("gesprek"))
    return gesprekken.filter(
        Q(deelnames__as_role=Deelname.As.OUDER, leerling__in=reachable)
        | Q(deelnames__as_role=Deelname.As.LEERLING, leerling__person=actor.person),
        deelnames__person=actor.person,
    )


def readable_gesprekken(actor):
    """Whose record one may be given: the visible ones, and for a guardian who hears afterwards those it is said of.

    Only for what is released: when, with whom and what was prepared stays with those who take part.
    """
    visible = visible_gesprekken(actor)
    if actor.is_staff or actor.person is None:
        return visible
    later = Deelname.objects.filter(person=actor.person, as_role=Deelname.As.ACHTERAF).values("gesprek")
    reachable = Relatie.objects.reachable().filter(person=actor.person).values("leerling")
    hears = Gesprek.objects.filter(school=actor.school, pk__in=later, leerling__in=reachable)
    return Gesprek.objects.filter(Q(pk__in=visible.values("pk")) | Q(pk__in=hears.values("pk")))


def visible_with_role(actor):
    """The same to a guardian or pupil, each with `own_role`: as what (a Deelname.As) she takes part herself."""
    return visible_gesprekken(actor).annotate(own_role=F("deelnames__as_role"))


def guards_in(actor, gesprek):
    """Whether this person takes part as a guardian. Nothing is asked again of what visible_with_role loaded."""
    if not hasattr(gesprek, "own_role"):
        return visible_with_role(actor).filter(pk=gesprek.pk, own_role=Deelname.As.OUDER).exists()
    return gesprek.own_role == Deelname.As.OUDER


def of_teacher(actor, prefix=""):
    """A filter: gesprekken whose teacher this member of staff is. `prefix` leads from another model to the gesprek."""
    as_teacher = Deelname.objects.filter(person=actor.person, as_role=Deelname.As.LEERKRACHT)
    return _within(actor, as_teacher, prefix)


def of_conductor(actor, prefix=""):
    """A filter: gesprekken this member of staff takes part in at all."""
    as_staff = Deelname.objects.filter(person=actor.person).exclude(as_role__in=NOT_HOLDING)
    return _within(actor, as_staff, prefix)


def _within(actor, deelnames, prefix):
    if not actor.is_staff or actor.is_system:
        return Q(pk__in=[])
    key = prefix.rstrip("_") or "pk"
    return Q(**{f"{prefix}groep__in": actor.groep_ids}) | Q(**{f"{key}__in": deelnames.values("gesprek")})


def conducts(actor, gesprek):
    """Whether this member of staff holds the gesprek: teaches the group, or takes part as a colleague."""
    return Gesprek.objects.filter(of_conductor(actor), pk=gesprek.pk, school=actor.school).exists()


def is_teacher_of(actor, gesprek):
    """Whether what is for the teacher only is for this member of staff. Duo teachers both are."""
    return Gesprek.objects.filter(of_teacher(actor), pk=gesprek.pk, school=actor.school).exists()


def teachers_of(gesprek):
    """Everybody for whom 'for the teacher only' is meant: the group's teachers, and who takes part as the teacher."""
    taking_part = gesprek.deelnames.filter(as_role=Deelname.As.LEERKRACHT).values("person")
    teaching = Q(medewerker__lesgeven__groep=gesprek.groep_id)
    return Person.objects.filter(teaching | Q(pk__in=taking_part), school=gesprek.school_id).distinct().order_by("pk")


def may_prepare(actor, gesprek):
    """Everybody who takes part prepares: guardian and pupil (already with the bare link), the teacher, a colleague."""
    return conducts(actor, gesprek) or (not actor.is_staff and visible_gesprekken(actor).filter(pk=gesprek.pk).exists())


def may_read_back(actor):
    """A bare link may have leaked: it lets one write, but what was written comes back only after the second step."""
    return actor.level == CONFIRMED or actor.is_staff


def may_read_prepared(actor, gesprek):
    """The sheet with the three preparations: who conducts, and the intern begeleider what is on the table."""
    return conducts(actor, gesprek) or actor.is_ib


def may_record(actor, gesprek):
    """Notes, attendance, agreements: who conducts."""
    return conducts(actor, gesprek)


def may_finalise(actor, gesprek):
    """Closing, releasing, correcting: the gesprek's own teachers."""
    return is_teacher_of(actor, gesprek)


def may_hand_over_code(actor, gesprek, person):
    """The teachers, and leadership at the desk, to a guardian or the pupil who may see this gesprek."""
    if not (is_teacher_of(actor, gesprek) or (actor.is_leiding and not actor.is_system)):
        return False
    return readable_gesprekken(Actor(person=person, level=CONFIRMED)).filter(pk=gesprek.pk).exists()


# --- what was prepared -----------------------------------------------------------------------------------------------


def visible_voorbereidingen(actor, gesprek):
    """One's own (reading back needs the second step); who conducts the gesprek and the IB see who prepared."""
    rows = Voorbereiding.objects.filter(gesprek=gesprek, school=actor.school)
    if conducts(actor, gesprek) or actor.is_ib:
        return rows
    return rows.filter(person=actor.person) if may_read_back(actor) and actor.person else rows.none()


def visible_answers(actor, gesprek):
    """Teachers read all. A colleague at the table and the IB read what is on the table. The others their own."""
    answers = Answer.objects.filter(
        voorbereiding__gesprek__in=visible_gesprekken(actor), voorbereiding__gesprek=gesprek, school=actor.school
    )
    if is_teacher_of(actor, gesprek):
        return answers
    if actor.person is None or not may_read_back(actor):
        return answers.none()
    own = Q(voorbereiding__person=actor.person)
    if actor.is_ib or conducts(actor, gesprek):
        return answers.filter(own | Q(visibility=Visibility.TABLE))
    return answers.filter(own)


def visible_bespreekpunten(actor, gesprek):
    """As answers: teachers all, a colleague at the table and the IB what is on the table, the others their own."""
    points = Bespreekpunt.objects.filter(
        gesprek=gesprek, gesprek__in=visible_gesprekken(actor).values("pk"), school=actor.school
    )
    if is_teacher_of(actor, gesprek):
        return points
    if actor.person is None or not may_read_back(actor):
        return points.none()
    own = Q(person=actor.person)
    if actor.is_ib or conducts(actor, gesprek):
        return points.filter(own | Q(visibility=Visibility.TABLE))
    return points.filter(own)


def visible_around(actor, gesprek):
    """Who comes along and what is for the interpreter: who conducts the gesprek. The guardian's own page asks itself."""
    if not conducts(actor, gesprek):
        return Voorbereiding.objects.none()
    said = Voorbereiding.objects.filter(gesprek=gesprek, school=actor.school)
    return said.exclude(comes_along="", for_interpreter="")


def visible_worries(actor):
    """Pupils who want to talk and whom nobody has seen yet: to the teachers of their gesprek, and to nobody else."""
    rows = Voorbereiding.objects.filter(school=actor.school, worried_at__isnull=False, worried_seen_at=None)
    return rows.filter(of_teacher(actor, "gesprek__"))


# --- what a pupil shows who leads her own gesprek --------------------------------------------------------------------


def may_make_presentation(actor, gesprek):
    """The pupil it is about, in a ronde in which pupils lead; already with the card (docs/decisions/0086)."""
    is_own = actor.is_pupil and actor.person.pk == gesprek.leerling.person_id
    return is_own and gesprek.ronde.lead == Ronde.Lead.LEERLING


def may_present(actor, gesprek):
    """Who shows it: the pupil, or who conducts the gesprek. Guardians see it at the table, not before."""
    return may_make_presentation(actor, gesprek) or conducts(actor, gesprek)


def visible_slides(actor, gesprek, written_here=()):
    """Who conducts, and the IB as it is on the table. The pupil: with her card what she made in this visit, else all."""
    slides = Slide.objects.filter(presentation__gesprek=gesprek, school=actor.school).select_related("item")
    if conducts(actor, gesprek) or actor.is_ib:
        return slides
    if not may_make_presentation(actor, gesprek):
        return slides.none()
    return slides if may_read_back(actor) else slides.filter(pk__in=list(written_here))


def choosable_charts(actor, gesprek):
    """For a slide: the charts her teacher chose to show at this gesprek."""
    charts = ShownChart.objects.filter(gesprek=gesprek, school=actor.school)
    return charts if may_present(actor, gesprek) else charts.none()


def choosable_items(actor, gesprek):
    """For a slide: what was released of this pupil, and what she added herself; after the second step."""
    items = PortfolioItem.objects.filter(leerling=gesprek.leerling_id, school=actor.school)
    if not (may_present(actor, gesprek) and may_read_back(actor)):
        return items.none()
    return items.filter(Q(released_at__isnull=False) | Q(by=gesprek.leerling.person_id))


# --- a teacher's own texts, and what a school asks -----------------------------------------------------------------


def visible_standard_texts(actor):
    """Her own: a text for many pupils is nobody else's to read."""
    texts = StandardText.objects.filter(school=actor.school)
    return texts.filter(author=actor.person) if actor.is_staff and actor.person else texts.none()


def may_edit_questions(actor):
    """What is asked beforehand, of a kind of conversation and in a ronde, leadership writes down for the team."""
    return actor.is_leiding


# --- what was said and agreed ----------------------------------------------------------------------------------------


def visible_verslagen(actor):
    """Drafts: who conducts. Final: also leadership and IB. A guardian: the newest version that was released to her.

    A pupil reads the agreements that concern her, not the record her parents get (docs/decisions/0052).
    """
    verslagen = Verslag.objects.filter(school=actor.school, gesprek__in=readable_gesprekken(actor))
    if actor.is_leiding or actor.is_ib:
        return verslagen.filter(of_conductor(actor, "gesprek__") | Q(state=Verslag.State.FINAL))
    if actor.is_staff:
        return verslagen.filter(of_conductor(actor, "gesprek__"))
    if actor.level == CONFIRMED:
        return verslagen.latest_released().filter(released_to=actor.person)
    return verslagen.none()


def gesprekken_to_read(actor):
    """Where something was released to this guardian or pupil: that it exists, also for a bare link, not what it says."""
    released = Verslag.objects.filter(school=actor.school).latest_released()
    agreed = Agreement.objects.filter(concerns=actor.person, verslag__in=released)
    return readable_gesprekken(actor).filter(
        Q(pk__in=released.filter(released_to=actor.person).values("gesprek")) | Q(pk__in=agreed.values("gesprek"))
    )


def visible_confidential(actor):
    """The gesprek's own teachers, and the one guardian it is about (after release and the second step)."""
    rows = Confidential.objects.filter(school=actor.school, verslag__in=visible_verslagen(actor))
    if actor.is_staff:
        return rows.filter(of_teacher(actor, "verslag__gesprek__"))
    return rows.filter(person=actor.person)


def visible_working_notes(actor):
    notes = WorkingNote.objects.filter(school=actor.school)
    return notes.filter(author=actor.person) if actor.is_staff and actor.person else notes.none()


def visible_agreements(actor):
    """With the draft: who conducts. Final: also leadership and IB. Released: those it concerns, after the second step."""
    agreements = Agreement.objects.filter(school=actor.school, gesprek__in=readable_gesprekken(actor))
    if actor.is_staff:
        return agreements.filter(verslag__in=visible_verslagen(actor))
    if actor.level == CONFIRMED:
        released = Verslag.objects.filter(school=actor.school).latest_released()
        return agreements.filter(concerns=actor.person, verslag__in=released)
    return agreements.none()


# --- development made visible ----------------------------------------------------------------------------------------


def may_edit_norms(actor):
    """The school's own norm bands and the levels of its routes."""
    return actor.is_leiding


def visible_norm_bands(actor):
    """What the school set stands in every chart; by itself it says nothing about anybody."""
    return NormBand.objects.filter(school=actor.school)


def visible_route_levels(actor):
    return RouteLevel.objects.filter(school=actor.school)


def vakken_of(school):
    """The names of the vakken in which there are results, or for which something was set."""
    found = Toetsresultaat.objects.filter(school=school).order_by().values_list("vak", flat=True).distinct()
    bands = NormBand.objects.filter(school=school).order_by().values_list("vak", flat=True).distinct()
    routes = RouteLevel.objects.filter(school=school).order_by().values_list("vak", flat=True).distinct()
    return sorted({*found, *bands, *routes})


def may_choose_charts(actor, gesprek):
    """Which charts are shown, with routes or not, the goals: who conducts."""
    return conducts(actor, gesprek)


def may_see_results(actor, gesprek):
    """All results of this pupil, also what is not shown: who conducts, and the intern begeleider."""
    return conducts(actor, gesprek) or actor.is_ib


def visible_results(actor, gesprek):
    """Staff of the gesprek all of them; guardians and pupil those of the vakken that are shown to them."""
    results = Toetsresultaat.objects.filter(school=actor.school, leerling=gesprek.leerling_id)
    if may_see_results(actor, gesprek):
        return results
    return results.filter(vak__in=visible_shown_charts(actor).filter(gesprek=gesprek).values("vak"))


def visible_results_in(actor, gesprekken):
    """The results of the pupils of many gesprekken (a QuerySet) at once: for who conducts them, and the IB."""
    mine = gesprekken if actor.is_ib else gesprekken.filter(of_conductor(actor))
    return Toetsresultaat.objects.filter(school=actor.school, leerling__in=mine.values("leerling"))


def informed_about(actor):
    """The pupils about whom this guardian is informed as a matter of course; to a pupil she herself."""
    mine = Relatie.objects.invited().filter(person=actor.person).values("leerling")
    return Leerling.objects.filter(Q(pk__in=mine) | Q(person=actor.person), school=actor.school)


def visible_shown_charts(actor):
    """What was chosen to be shown. To guardians and the pupil from that moment, all of them, after the second step."""
    shown = ShownChart.objects.filter(school=actor.school)
    if actor.is_staff:
        return shown if actor.is_ib else shown.filter(of_conductor(actor, "gesprek__"))
    if actor.level != CONFIRMED:
        return shown.none()
    return shown.filter(gesprek__in=readable_gesprekken(actor), gesprek__leerling__in=informed_about(actor))


# --- report and work -------------------------------------------------------------------------------------------------


def may_add_to_portfolio(actor, gesprek):
    """Who conducts adds the report and work; the pupil her own work, already with the code on her card."""
    if actor.is_staff:
        return conducts(actor, gesprek)
    return actor.is_pupil and visible_with_role(actor).filter(pk=gesprek.pk, own_role=Deelname.As.LEERLING).exists()


def may_release_portfolio(actor, gesprek):
    return is_teacher_of(actor, gesprek)


def may_release_portfolio_of(actor, ronde, groep):
    """For a whole group at one moment: its teachers and leadership."""
    mine = groep.pk in actor.groep_ids or actor.is_leiding
    return mine and ronde.ronde_groepen.filter(groep=groep).exists()


def changeable_portfolio(actor):
    """What may be replaced, taken away or taken back: who conducts the gesprek it belongs to."""
    return PortfolioItem.objects.filter(of_conductor(actor, "gesprek__"), school=actor.school)


def visible_portfolio(actor):
    """Staff of the gesprek and the IB all; leadership what was released.

    Guardians who are informed and the pupil: what was released, after the second step; the pupil her own work too.
    """
    items = PortfolioItem.objects.filter(school=actor.school)
    if actor.is_ib:
        return items
    if actor.is_staff:
        mine = of_conductor(actor, "gesprek__")
        return items.filter(mine | Q(released_at__isnull=False) if actor.is_leiding else mine)
    if actor.level != CONFIRMED:
        return items.none()
    given = items.filter(leerling__in=informed_about(actor))
    return given.filter(Q(released_at__isnull=False) | Q(by=actor.person))


def gesprekken_to_see(actor):
    """Where a chart is shown or a report was released to this guardian or pupil: that it exists, also for a bare link.

    Each with `has_charts` and `has_report`.
    """
    mine = readable_gesprekken(actor).filter(leerling__in=informed_about(actor))
    reports = PortfolioItem.objects.filter(
        leerling=OuterRef("leerling"), gesprek__ronde=OuterRef("ronde"), released_at__isnull=False
    )
    charts = ShownChart.objects.filter(gesprek=OuterRef("pk"))
    seen = mine.annotate(has_charts=Exists(charts), has_report=Exists(reports))
    return seen.filter(Q(has_charts=True) | Q(has_report=True))


# --- talking ---------------------------------------------------------------------------------------------------------


def visible_draft_versions(actor):
    """How a draft read before: who may write in it. Once it is final there are none."""
    if not actor.is_staff:
        return DraftVersion.objects.none()
    versions = DraftVersion.objects.filter(school=actor.school, verslag__state=Verslag.State.DRAFT)
    return versions.filter(of_conductor(actor, "verslag__gesprek__"))


def for_everybody_at(gesprek, agreements):
    """Of these agreements those that every guardian and the pupil at this table may see: what concerns them all."""
    family = gesprek.deelnames.filter(as_role__in=[Deelname.As.OUDER, Deelname.As.LEERLING])
    at_table = set(family.values_list("person_id", flat=True))
    return [one for one in agreements if at_table and at_table <= {person.pk for person in one.concerns.all()}]


def may_follow_up(actor, gesprek):
    """Planning the next one from here: the gesprek's own teachers."""
    return is_teacher_of(actor, gesprek)


# --- after the gesprek -----------------------------------------------------------------------------------------------


def second_colleagues(gesprek):
    """Who reads along: everybody who takes part as the second colleague, unless she was not there."""
    there = gesprek.deelnames.filter(as_role=Deelname.As.TWEEDE_COLLEGA).exclude(attended=False)
    return Person.objects.filter(pk__in=there.values("person"), medewerker__left_on__isnull=True).order_by("pk")


def may_second(actor, gesprek):
    """Agreeing with the text is the second colleague's, and hers alone."""
    return actor.is_staff and not actor.is_system and second_colleagues(gesprek).filter(pk=actor.person.pk).exists()


def visible_open_agreements(actor):
    """What may still have to be looked back on: the agreements of the version that counts now.

    To guardians and pupils what they may read anyway. To staff those of the newest final version; also to who teaches
    the pupil now, whoever she made it with last year (docs/decisions/0089): the agreement, not the verslag around it.
    """
    if not actor.is_staff:
        return visible_agreements(actor)
    final = Agreement.objects.filter(school=actor.school).newest()
    taught_now = Lidmaatschap.objects.filter(groep__in=_groepen_now(actor)).values("leerling")
    seen = Q(pk__in=visible_agreements(actor).values("pk"))
    return final.filter(seen | Q(gesprek__leerling__in=taught_now))


def may_say_outcome(actor, agreement):
    """Whom it concerns says what became of it, after the second step: one has to have read it (docs/decisions/0089)."""
    return actor.level == CONFIRMED and visible_agreements(actor).filter(pk=agreement.pk).exists()


def may_export_lvs(actor, groep):
    """What goes into the LVS is the work of the group's teachers and the intern begeleider."""
    return actor.is_ib or (actor.is_staff and groep.pk in actor.groep_ids)


def may_see_advice_talks(actor):
    """Who was there at the advice conversations (C4): leadership and the intern begeleider."""
    return actor.is_leiding or actor.is_ib


# --- a gesprek on request --------------------------------------------------------------------------------------------


def askable_soorten(actor):
    """The kinds that are held on request, as far as the school has them in use; everybody may know them."""
    return Soort.objects.filter(school=actor.school, is_optional=True, archived=False)


def askable_leerlingen(actor):
    """For whom one may ask: a guardian who is invited for the child, the pupil herself, her teachers, leadership."""
    here = Leerling.objects.filter(school=actor.school, left_on__isnull=True).select_related("person", "school")
    if actor.is_leiding:
        return here
    if actor.is_staff:
        return here.filter(lidmaatschappen__groep__in=_groepen_now(actor)).distinct()
    mine = Relatie.objects.invited().filter(person=actor.person).values("leerling")
    return here.filter(Q(pk__in=mine) | Q(person=actor.person)).order_by("person__first_name", "pk")


def visible_aanvragen(actor):
    """What was asked, with the reason: leadership, IB, and the child's present teachers. Anybody else sees her own only."""
    rows = Aanvraag.objects.filter(school=actor.school).select_related("leerling__person", "soort", "person", "ronde")
    if actor.is_leiding or actor.is_ib:
        return rows
    if actor.is_staff:
        return rows.filter(leerling__lidmaatschappen__groep__in=_groepen_now(actor)).distinct()
    return rows.filter(person=actor.person, leerling__in=askable_leerlingen(actor).values("pk"))


def answerable_aanvragen(actor):
    """Of those, the ones this colleague answers: leadership all, teachers those of their pupils; IB reads along."""
    rows = visible_aanvragen(actor)
    if actor.is_leiding:
        return rows
    if not actor.is_staff:
        return rows.none()
    return rows.filter(leerling__lidmaatschappen__groep__in=_groepen_now(actor)).distinct()


def choosable_leerlingen(actor, ronde):
    """For whom this member of staff decides that they have a ronde on request: leadership, a teacher her own group."""
    if not may_choose_leerlingen(actor, ronde):
        return Leerling.objects.none()
    mine = Lidmaatschap.objects.filter(groep__ronde_groepen__ronde=ronde)
    if not actor.is_leiding:
        mine = mine.filter(groep__in=actor.groep_ids)
    return Leerling.objects.filter(school=actor.school, pk__in=mine.values("leerling"), left_on__isnull=True)


def may_choose_leerlingen(actor, ronde):
    return actor.is_leiding or (actor.is_staff and ronde.groepen.filter(pk__in=actor.groep_ids).exists())


def _groepen_now(actor):
    return Groep.objects.filter(pk__in=actor.groep_ids, schooljaar__ends_on__gte=timezone.localdate()).values("pk")


# --- after the gesprek -----------------------------------------------------------------------------------------------


def answerable_gesprekken(actor):
    """About which this guardian or pupil may say what she found of it: held, and asked not too long ago."""
    today = timezone.localdate()
    return visible_with_role(actor).filter(
        own_role__in=[Deelname.As.OUDER, Deelname.As.LEERLING],
        held_on__lte=today,
        ronde__ends_on__gte=today - timedelta(days=FEEDBACK_DAYS),
    )


def visible_feedback(actor, *, whole_school=False):
    """To count, never to show a row: a teacher of her own groups, leadership the whole school."""
    rows = Feedback.objects.filter(school=actor.school)
    if whole_school:
        return rows if may_see_school_feedback(actor) else rows.none()
    return rows.filter(groep__in=actor.groep_ids) if actor.is_staff else rows.none()


def may_see_school_feedback(actor):
    return actor.is_leiding


def may_answer_gains(actor):
    """A guardian whom the school may reach about a child of hers that is still here."""
    mine = Relatie.objects.invited().filter(person=actor.person, leerling__left_on__isnull=True)
    return actor.level in PERSONAL and mine.exists()


def may_ask_gains(actor):
    return actor.is_leiding


def advice_leerlingen(actor):
    """The pupils whose way to the advice one works on: leadership and IB all, a teacher those of her present groups."""
    here = Leerling.objects.filter(school=actor.school, left_on__isnull=True).select_related("person", "school")
    if actor.is_leiding or actor.is_ib:
        return here
    if actor.is_staff:
        return here.filter(lidmaatschappen__groep__in=_groepen_now(actor)).distinct()
    return here.none()


def visible_adviezen(actor):
    """Staff: of the pupils whose way they work on. Guardians and the pupil: once it is shared, after the second step."""
    adviezen = Advies.objects.filter(school=actor.school)
    if actor.is_staff:
        return adviezen.filter(leerling__in=advice_leerlingen(actor))
    return _shared_adviezen(actor) if actor.level == CONFIRMED else adviezen.none()


def leerlingen_with_advice(actor):
    """Of whom an advice was shared with this guardian or pupil: that it exists, also for a bare link, not what it is."""
    shared = _shared_adviezen(actor).values("leerling")
    return Leerling.objects.filter(pk__in=shared).select_related("person").order_by("person__first_name", "pk")


def _shared_adviezen(actor):
    shared = Advies.objects.filter(school=actor.school, released_at__isnull=False)
    if actor.is_staff or actor.person is None:
        return shared.none()
    mine = Relatie.objects.invited().filter(person=actor.person).values("leerling")
    return shared.filter(Q(leerling__in=mine) | Q(leerling__person=actor.person))


def may_read_contribution(actor, gesprek):
    """Who reads what the pupil brought in herself, and writes down what she says: who conducts, and the IB."""
    return conducts(actor, gesprek) or (actor.is_ib and visible_gesprekken(actor).filter(pk=gesprek.pk).exists())


def may_follow_pupils(actor):
    """The month and the years of every pupil: the intern begeleider."""
    return actor.is_ib


def followed_leerlingen(actor):
    return Leerling.objects.filter(school=actor.school) if may_follow_pupils(actor) else Leerling.objects.none()


def handing_over_groepen(actor, schooljaar):
    """The groups of which a member of staff sees who is handed over: leadership and IB all, a teacher her own."""
    groepen = Groep.objects.filter(school=actor.school, schooljaar=schooljaar, gone=False, soort=Groep.Soort.STAM)
    if actor.is_leiding or actor.is_ib:
        return groepen
    return groepen.filter(pk__in=actor.groep_ids)


def may_hand_over(actor, groep):
    return groep.pk in actor.groep_ids


def leerlingen_to_hand_over(actor, schooljaar):
    """About whom this teacher writes: the pupils of her groups in this year."""
    mine = Lidmaatschap.objects.filter(groep__in=actor.groep_ids, groep__schooljaar=schooljaar)
    return Leerling.objects.filter(school=actor.school, pk__in=mine.values("leerling"), left_on__isnull=True)


def visible_overdrachten(actor):
    """Who wrote it: the teachers of that year. Once it is handed over also the IB, and the teachers of a later year.

    Guardians and pupils do not read it here (docs/decisions/0091-advice-and-handing-over.md).
    """
    rows = Overdracht.objects.filter(school=actor.school)
    if not actor.is_staff or actor.is_system:
        return rows.none()
    mine = Lidmaatschap.objects.filter(groep__in=actor.groep_ids, leerling=OuterRef("leerling"))
    writes = Exists(mine.filter(groep__schooljaar=OuterRef("schooljaar")))
    later = mine.filter(groep__schooljaar__starts_on__gt=OuterRef("schooljaar__starts_on"))
    reads = Q(Exists(later)) | (Q(pk__isnull=False) if actor.is_ib else Q(pk__in=[]))
    return rows.filter(writes | (Q(handed_over_at__isnull=False) & reads))


def overdrachten_to_read(actor):
    """Handed over about the pupils this teacher has now, written in an earlier year by whoever had them then."""
    mine = Lidmaatschap.objects.filter(groep__in=_groepen_now(actor), leerling=OuterRef("leerling"))
    later = mine.filter(groep__schooljaar__starts_on__gt=OuterRef("schooljaar__starts_on"))
    return visible_overdrachten(actor).filter(Exists(later), handed_over_at__isnull=False)
