"""A school begins: its row, and what every floor lays ready for it. And what leadership sets for it later."""

import secrets

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify

from school import audit, registry
from school.models import School


def found_school(*, name, slug=""):
    """Make a school and let every floor lay its data ready (kinds, questions, instrument). Returns the School.

    Raises ValueError when the short name is taken.
    """
    slug = slugify(slug or name)[:50] or "school"
    with transaction.atomic():
        if School.objects.filter(slug=slug).exists():
            raise ValueError(f"a school called {slug} exists")
        school = School.objects.create(slug=slug, name=name)
        registry.tell("school_founded", school=school)
    return school


def change_school(*, school, values, logo=None, remove_logo=False, by):
    """Write the settings that changed; `logo` is the bytes of a checked PNG. Returns the names of the fields."""
    changed = [name for name, value in values.items() if getattr(school, name) != value]
    old = school.logo.name
    with transaction.atomic():
        for name in changed:
            setattr(school, name, values[name])
        if logo is not None:
            # A name that cannot be guessed and never repeats: browsers may keep a logo for as long as they like.
            school.logo.save(f"{school.pk}-{secrets.token_hex(8)}.png", ContentFile(logo), save=False)
        elif remove_logo:
            school.logo = ""
        if school.logo.name != old:
            changed.append("logo")
        if changed:
            school.save(update_fields=changed)
            audit.record("school_changed", school, by=by, fields=changed)
    if "logo" in changed and old:
        school.logo.storage.delete(old)
    return changed


def read_logo(slug):
    """The bytes of a school's logo, or None."""
    school = School.objects.filter(slug=slug).exclude(logo="").first()
    if school is None or not school.logo.storage.exists(school.logo.name):
        return None
    with school.logo.open("rb") as picture:
        return picture.read()
