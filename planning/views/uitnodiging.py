"""The invitation as leadership writes it: the standard of a soort, and what one ronde says otherwise."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gesprekken.models import Ronde
from gesprekken.permissions import visible_rondes, visible_soorten
from planning.inviting import examples, placeholders, texts, wording
from planning.inviting.invitations import code_page
from planning.inviting.trial import send_trial
from planning.permissions import may_edit_invitation, visible_examples, visible_texts
from planning.text_forms import TextForm
from school.actor import STAFF, open_to
from school.outbox import address_of
from school.row_ids import row_id


def load_ronde(request, pk):
    ronde = get_object_or_404(visible_rondes(request.actor).select_related("soort", "school"), pk=pk)
    if not may_edit_invitation(request.actor):
        raise PermissionDenied
    return ronde


def load_soort(request, pk):
    if not may_edit_invitation(request.actor):
        raise PermissionDenied
    return get_object_or_404(visible_soorten(request.actor).select_related("school"), pk=pk)


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_text(request, pk):
    """What one ronde says: its soort's standard, until leadership writes something else for it."""
    return edit(request, load_ronde(request, pk))


@open_to(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def standard_text(request, pk):
    """What every ronde of a soort says."""
    return edit(request, load_soort(request, pk))


@open_to(STAFF)
@require_POST
def invitation_preview(request, pk):
    return preview(request, load_ronde(request, pk))


@open_to(STAFF)
@require_POST
def standard_preview(request, pk):
    return preview(request, load_soort(request, pk))


class Choice:
    """Which text is on the page, and for whom it is shown: language, way of sending, family."""

    def __init__(self, request, about):
        asked = request.POST if request.method == "POST" else request.GET
        self.about = about
        self.language = asked.get("taal") if asked.get("taal") in texts.LANGUAGES else "nl"
        self.channel = asked.get("als") if asked.get("als") in texts.Channel.values else texts.MAIL
        self.is_short = self.channel == texts.SHORT
        self.ronde = examples.ronde_for(about)
        self.families = examples.pick(visible_examples(request.actor, examples.groepen_for(self.ronde)))
        wanted = row_id(asked.get("gezin"))
        first = self.families[0] if self.families else None
        self.family = next((family for family in self.families if family.pk == wanted), first)

    @property
    def address(self):
        """What stands behind the question mark of this choice."""
        return "?" + urlencode({"taal": self.language, "als": self.channel})


def edit(request, about):
    choice = Choice(request, about)
    if "weer" in request.POST:
        texts.use_standard_again(about=about, language=choice.language, channel=choice.channel, by=request.actor)
        messages.success(request, _("De standaard geldt weer. Wat er stond, vind je bij de eerdere versies."))
        return redirect(request.path + choice.address)
    subject, body = texts.text_for(about, choice.language, choice.channel)
    form = TextForm(
        request.POST if request.method == "POST" else None,
        initial={"subject": subject, "body": body},
        short=choice.is_short,
        language=choice.language,
    )
    if request.method == "POST" and form.is_valid() and "toon" not in request.POST and keep(request, choice, form):
        return redirect(request.path + choice.address)
    if form.is_bound:
        subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
    return render(
        request,
        "planning/invitation_text.html",
        context_of(request, choice, form) | {"example": example_of(choice, subject, body, is_said=bool(form.errors))},
        status=422 if form.errors else 200,
    )


def keep(request, choice, form):
    """Keep what was typed, and mail a trial where that was asked. False when the text was refused; the form says why."""
    typed = {"subject": form.cleaned_data.get("subject", ""), "body": form.cleaned_data["body"]}
    try:
        texts.save_text(about=choice.about, language=choice.language, channel=choice.channel, by=request.actor, **typed)
    except texts.TextRefused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence)
        return False
    messages.success(request, _("De uitnodiging is bewaard."))
    if "proef" in request.POST:
        mail_trial(request, choice)
    return True


def mail_trial(request, choice):
    address = address_of(request.actor.person)
    if not address:
        messages.warning(request, _("Er is geen proef gestuurd: van jou staat er geen mailadres."))
        return
    send_trial(about=choice.about, language=choice.language, by=request.actor)
    messages.success(request, _("De proef gaat naar %(address)s.") % {"address": address})


def context_of(request, choice, form):
    about, language, channel = choice.about, choice.language, choice.channel
    is_ronde = isinstance(about, Ronde)
    versions = visible_texts(request.actor, about).filter(language=language, channel=channel)
    return {
        "about": about,
        "is_ronde": is_ronde,
        "choice": choice,
        "form": form,
        "languages": texts.LANGUAGES,
        "channels": texts.Channel.choices,
        "words": placeholders.allowed(short=choice.is_short),
        "required": placeholders.required(short=choice.is_short),
        "versions": versions.select_related("by"),
        "own": texts.newest_text(about, language, channel),
        "used": texts.chosen_text(about, language, channel),
    }


def preview(request, about):
    """What a real family would read, while one types."""
    choice = Choice(request, about)
    example = example_of(choice, request.POST.get("subject", ""), request.POST.get("body", ""))
    return render(request, "planning/invitation_example.html", {"choice": choice, "example": example})


def example_of(choice, subject, body, *, is_said=False):
    """The text filled in for the chosen family, and what is still wrong with it, unless that `is_said` above the text."""
    subject, body = subject[: placeholders.MAX_SUBJECT + 1], placeholders.tidy(body[: placeholders.MAX_BODY + 1])
    problems = placeholders.problems(subject, body, short=choice.is_short)
    # What a text leaves out is said for it when it is sent; a text that cannot be kept is shown as it was typed.
    whole = body if choice.is_short or problems else placeholders.complete(body)
    written = examples.fill_for(choice.ronde, choice.family, subject, whole, choice.language, short=choice.is_short)
    with translation.override(choice.language):
        button = wording.button_label(choice.ronde)
    short = written.text(code_page())
    own = texts.language_for(choice.family.person) if choice.family else choice.language
    return {
        "subject": written.subject,
        "parts": [part.strip() for part in written.body.split("{link}")],
        "problems": problems if not is_said else [],
        "button": button,
        "short": short if choice.is_short else "",
        "length": len(short),
        "most": placeholders.MOST_SHORT,
        "other_language": own if own != choice.language else "",
    }
