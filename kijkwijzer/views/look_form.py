"""The Kijkwijzer as a form: what is shared by looking back oneself and by looking along with a colleague."""

from dataclasses import dataclass

from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kijkwijzer.looking import looking_back, pictures
from kijkwijzer.looking_forms import LookBackForm

REFUSED = (looking_back.LookBackRefused,)


@dataclass(frozen=True)
class Sheet:
    """What a form stands for: where it is sent, what is stored, and who reads it (`teacher`: a colleague looks along)."""

    url: str
    outline: object
    stored: object = None
    gesprek: object = None
    teacher: object = None
    invite: object = None

    @property
    def is_given(self):
        return bool(self.stored and self.stored.finished_at)


def asked_factor(request, outline, default=None):
    """The one factor this form asks, or None for the whole Kijkwijzer. `default`: where the address says nothing."""
    asked = request.POST.get("factor") or request.GET.get("factor") or ""
    if asked.isdecimal() and len(asked) < 3:
        return outline.factor(int(asked))
    says_nothing = request.method != "POST" and not {"alles", "factor"} & request.GET.keys()
    return default if says_nothing else None


def unbound(sheet, factor):
    """The form with what is stored."""
    stored = sheet.stored
    initial = {"seen_version": stored.version if stored else 0, "difficult": stored.difficult if stored else False}
    return LookBackForm(
        outline=sheet.outline,
        factor=factor,
        values=looking_back.values_of(stored),
        remarks=looking_back.remarks_of(stored),
        initial=initial,
    )


def show(request, sheet, form, status=200, **context):
    context |= {
        "sheet": sheet,
        "gesprek": sheet.gesprek,
        "form": form,
        "outline": sheet.outline,
        "only": form.only.number if form.only else None,
        "scale": list(enumerate(sheet.outline.labels, 1)),
    }
    return render(request, "kijkwijzer/look_back.html", context, status=status)


def keep(request, sheet, factor, save, refused=REFUSED):
    """Save what was filled in with `save(scores=, remarks=, ...)`; a refusal keeps what was typed on the page.

    Returns the saved look back, or the answer that shows the form again.
    """
    form = LookBackForm(request.POST, outline=sheet.outline, factor=factor)
    if not form.is_valid():
        return show(request, sheet, form, status=422)
    try:
        return save(
            scores=form.scores,
            remarks=form.remarks,
            difficult=form.difficult,
            seen_version=form.cleaned_data["seen_version"],
        )
    except looking_back.StaleTerugblik as stale:
        form.data = form.data.copy()
        form.data["seen_version"] = stale.terugblik.version
        found = pictures.in_words(form.outline, stale.differences)
        return show(request, sheet, form, status=409, differences=found)
    except refused:
        form.add_error(
            None,
            _(
                "Dit konden we niet bewaren: er is intussen iets veranderd. Open het formulier opnieuw; wat je eerder bewaarde, staat er nog."
            ),
        )
        return show(request, sheet, form, status=422)


def back_to(request, sheet, factor):
    """Half way: the same form, at the place where one was."""
    only = f"?factor={factor.number}" if factor else "?alles=1"
    return redirect(f"{sheet.url}{only}#{slugify(request.POST['verder'])[:40]}")
