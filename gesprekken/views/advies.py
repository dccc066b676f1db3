"""The way to the advice: a list per group, a page per pupil, and what guardians and pupil read once it is shared."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gesprekken.afterwards import advice
from gesprekken.afterwards.gains import plan_of
from gesprekken.afterwards.levels import is_higher, levels
from gesprekken.afterwards.pupils import level_of, lidmaatschap_in, present_year
from gesprekken.afterwards_forms import ReconsiderForm, ResultForm, SettleForm, colleagues_here
from gesprekken.permissions import advice_leerlingen, leerlingen_with_advice, visible_adviezen, visible_gesprekken
from school.actor import PERSONAL_CONFIRMED, STAFF, open_to
from school.row_ids import row_id

AHEAD, PRELIMINARY_TALK, FINAL_TALK = "vooruitblik-7", "voorlopig-advies", "definitief-advies"
STAGES = {"voorlopig": advice.PRELIMINARY, "definitief": advice.FINAL}


def year_now(request):
    schooljaar = present_year(request.actor.school, timezone.localdate())
    if schooljaar is None:
        raise Http404
    return schooljaar


@open_to(STAFF)
@require_GET
def adviezen(request):
    """Group 8: how far each pupil is; group 7: the look ahead. What is late stands first."""
    schooljaar, today = year_now(request), timezone.localdate()
    plan = plan_of(schooljaar)
    eighth, seventh = advice.pupils_of(advice_leerlingen(request.actor), schooljaar)
    ways = advice.ways(eighth, plan, today)
    context = {
        "schooljaar": schooljaar,
        "plan": plan,
        "late": [way for way in ways if way.is_late],
        "ways": ways,
        "ahead": advice.looks_ahead(seventh, visible_gesprekken(request.actor), AHEAD),
    }
    return render(request, "gesprekken/advies_list.html", context)


# --- one pupil -------------------------------------------------------------------------------------------------------


def load(request, leerling_pk):
    return get_object_or_404(advice_leerlingen(request.actor), pk=leerling_pk)


def settle_form(request, leerling, schooljaar, stage, data=None):
    row = advice.stage_of(leerling, schooljaar, stage)
    preliminary = advice.stage_of(leerling, schooljaar, advice.PRELIMINARY)
    member = lidmaatschap_in(leerling, schooljaar)
    return SettleForm(
        data,
        advies=row,
        start_level=preliminary.level if preliminary and preliminary.reconsidered != advice.RAISED else "",
        people=advice.deciders(leerling, member.groep if member else None),
        colleagues=colleagues_here(leerling.school),
        today=timezone.localdate(),
        by=request.actor,
        auto_id=f"{stage}_%s",
    )


def shown(advies, plan, groep):
    """What stands under a settled advice."""
    if advies is None:
        return None
    return {
        "row": advies,
        "deciders": advies.decided_by.all(),
        "missing": advice.missing_sides(advies, groep),
        "outside": advice.outside_dates(advies, plan),
    }


def pupil_page(request, leerling, status=200, **more):
    schooljaar, today = year_now(request), timezone.localdate()
    member, plan = lidmaatschap_in(leerling, schooljaar), plan_of(schooljaar)
    groep = member.groep if member else None
    preliminary = advice.stage_of(leerling, schooljaar, advice.PRELIMINARY)
    final = advice.stage_of(leerling, schooljaar, advice.FINAL)
    step = advice.next_step(preliminary, final)
    gesprekken = visible_gesprekken(request.actor).filter(leerling=leerling, ronde__schooljaar=schooljaar)
    version = preliminary.version if preliminary else 0
    higher = is_higher(preliminary.test_level, preliminary.level) if preliminary and preliminary.test_level else None
    context = {
        "leerling": leerling,
        "groep": groep,
        "plan": plan,
        "is_eighth": level_of(member) == advice.ADVICE_LEVEL,
        "is_seventh": level_of(member) == advice.AHEAD_LEVEL,
        "preliminary": shown(preliminary, plan, groep),
        "final": shown(final, plan, groep),
        "step": step,
        "is_late": advice.is_late(step, plan, today),
        "higher": higher,
        "to_reconsider": bool(preliminary) and advice.to_reconsider(preliminary),
        "gesprekken": gesprekken.filter(ronde__soort__is_advice=True) | gesprekken.filter(ronde__soort__code=AHEAD),
        "levels": levels(),
        "preliminary_form": settle_form(request, leerling, schooljaar, advice.PRELIMINARY),
        "final_form": settle_form(request, leerling, schooljaar, advice.FINAL),
        "result_form": ResultForm(
            initial={"seen_version": version, "test_level": preliminary.test_level if preliminary else ""},
            auto_id="uitslag_%s",
        ),
        "reconsider_form": ReconsiderForm(
            initial={"seen_version": version}, compared=higher is not None, auto_id="weging_%s"
        ),
        **more,
    }
    return render(request, "gesprekken/advies.html", context, status=status)


@open_to(STAFF)
@require_GET
def advies(request, leerling_pk):
    return pupil_page(request, load(request, leerling_pk))


@open_to(STAFF)
@require_POST
def settle_advice(request, leerling_pk, stage):
    leerling, schooljaar = load(request, leerling_pk), year_now(request)
    if stage not in STAGES:
        raise Http404
    stage = STAGES[stage]
    form = settle_form(request, leerling, schooljaar, stage, request.POST)
    name = "preliminary_form" if stage == advice.PRELIMINARY else "final_form"

    def settle():
        gesprek = advice.talk_about(
            visible_gesprekken(request.actor).filter(leerling=leerling, ronde__schooljaar=schooljaar),
            PRELIMINARY_TALK if stage == advice.PRELIMINARY else FINAL_TALK,
        )
        advice.settle(
            leerling=leerling, schooljaar=schooljaar, stage=stage, gesprek=gesprek, by=request.actor, **form.values()
        )
        return _("Bewaard. Ouders en leerling lezen het pas als je het deelt.")

    return done(request, leerling, form, name, settle)


def done(request, leerling, form, name, act):
    """Do it and go back, or show the page with what was filled in and why it is not so."""
    if form.is_valid():
        try:
            said = act()
        except advice.AdviceRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, said)
            return redirect("advies", leerling_pk=leerling.pk)
    return pupil_page(request, leerling, 422, **{name: form, "opened": name})


def preliminary_or_404(request, leerling):
    rows = visible_adviezen(request.actor).filter(leerling=leerling, schooljaar=year_now(request))
    return get_object_or_404(rows, stage=advice.PRELIMINARY)


@open_to(STAFF)
@require_POST
def note_test_result(request, leerling_pk):
    leerling = load(request, leerling_pk)
    preliminary = preliminary_or_404(request, leerling)
    form = ResultForm(request.POST, auto_id="uitslag_%s")

    def note():
        row = advice.note_result(preliminary=preliminary, by=request.actor, **form.cleaned_data)
        if is_higher(row.test_level, row.level):
            return _("De uitslag is hoger dan het advies. Kies hieronder wat dat betekent.")
        return _("De uitslag is bewaard.")

    return done(request, leerling, form, "result_form", note)


@open_to(STAFF)
@require_POST
def reconsider_advice(request, leerling_pk):
    leerling = load(request, leerling_pk)
    preliminary = preliminary_or_404(request, leerling)
    compared = is_higher(preliminary.test_level, preliminary.level) is not None
    form = ReconsiderForm(request.POST, compared=compared, auto_id="weging_%s")

    def reconsider():
        advice.reconsider(preliminary=preliminary, by=request.actor, **form.cleaned_data)
        return _("Bewaard. Leg nu het definitieve advies vast.")

    return done(request, leerling, form, "reconsider_form", reconsider)


@open_to(STAFF)
@require_POST
def share_advice(request, leerling_pk, stage):
    leerling = load(request, leerling_pk)
    rows = visible_adviezen(request.actor).filter(leerling=leerling, schooljaar=year_now(request))
    row = get_object_or_404(rows, stage=STAGES.get(stage, ""))
    seen = row_id(request.POST.get("seen_version", ""))
    try:
        advice.share_advice(advies=row, by=request.actor, seen_version=seen or 0)
    except advice.StaleAdvice as stale:
        messages.warning(request, stale.sentence)
        return redirect("advies", leerling_pk=leerling.pk)
    messages.success(
        request,
        _("Gedeeld. De ouders van %(name)s en %(name)s zelf lezen het nu op hun eigen pagina.")
        % {"name": leerling.person.first_name},
    )
    return redirect("advies", leerling_pk=leerling.pk)


# --- guardians and the pupil -----------------------------------------------------------------------------------------


@open_to(PERSONAL_CONFIRMED)
@require_GET
def advice_read(request, leerling_pk):
    leerling = get_object_or_404(leerlingen_with_advice(request.actor), pk=leerling_pk)
    rows = visible_adviezen(request.actor).filter(leerling=leerling).select_related("schooljaar")
    plan = plan_of(rows[0].schooljaar) if rows else None
    context = {"leerling": leerling, "adviezen": rows, "plan": plan, "school": leerling.person.school}
    return render(request, "gesprekken/advies_read.html", context)
