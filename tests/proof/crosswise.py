"""Families who plan all their children in one go, for the same times in opposite order, at the same moment.

Usage: python -m tests.proof.crosswise ROUNDS SLOT,SLOT GESPREK,GESPREK GESPREK,GESPREK ..., in the environment of a
house: a pair of gesprekken per family. Prints, per round, what each family met and how many times were stored, as JSON.
"""

import json
import os
import sys
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.proof.settings")

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from gesprekken.models import Gesprek  # noqa: E402
from planning.models import Booking, Occupancy, Slot  # noqa: E402
from planning.times import booking  # noqa: E402
from school.actor import Actor  # noqa: E402


def numbers(words):
    return [int(word) for word in words.split(",")]


class Family(threading.Thread):
    """Every other family asks for the times the other way round."""

    def __init__(self, slots, gesprekken, barrier, *, backwards):
        super().__init__()
        self.choices = list(zip(slots, gesprekken, strict=True))[:: -1 if backwards else 1]
        self.barrier, self.met = barrier, ""

    def run(self):
        try:
            connection.ensure_connection()
            by = Actor.system(self.choices[0][1].school)
            self.barrier.wait()
            booking.book_all(choices=self.choices, by=by, agreed=True)
            self.met = "all"
        except booking.BookingRefused as refusal:
            self.met = refusal.reason
        except Exception as error:
            self.met = type(error).__name__
        finally:
            connection.close()


def play(slots, pairs):
    barrier = threading.Barrier(len(pairs))
    families = [Family(slots, pair, barrier, backwards=n % 2) for n, pair in enumerate(pairs)]
    for family in families:
        family.start()
    for family in families:
        family.join()
    stored = Booking.objects.active().count()
    Occupancy.objects.all().delete()
    Booking.objects.all().delete()
    return {"met": sorted(family.met for family in families), "stored": stored}


if __name__ == "__main__":
    slots = list(Slot.objects.filter(pk__in=numbers(sys.argv[2])).order_by("pk"))
    gesprekken = Gesprek.objects.select_related("school").in_bulk
    pairs = [list(gesprekken(numbers(words)).values()) for words in sys.argv[3:]]
    print(json.dumps([play(slots, pairs) for _round in range(int(sys.argv[1]))]))
