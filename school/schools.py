"""A school begins: its row, and what every floor lays ready for it."""

from django.db import transaction
from django.utils.text import slugify

from school import registry
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
