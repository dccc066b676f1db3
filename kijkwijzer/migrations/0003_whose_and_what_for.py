"""Says of every look back whom it was about, carries over what was chosen to practise, and puts an instrument in use."""

from django.db import migrations
from django.db.models import F


def carry_over(apps, schema_editor):
    Terugblik = apps.get_model("kijkwijzer", "Terugblik")
    Instrument = apps.get_model("kijkwijzer", "Instrument")
    Ontwikkelpunt = apps.get_model("kijkwijzer", "Ontwikkelpunt")
    Terugblik.objects.filter(mode="self").update(about=F("observer"))
    chosen = {}
    rows = Terugblik.objects.filter(practise__isnull=False, saved_at__isnull=False).order_by("saved_at", "pk")
    for row in rows.iterator():
        chosen[row.observer_id] = row
    Ontwikkelpunt.objects.bulk_create(
        Ontwikkelpunt(
            school_id=row.school_id, person_id=person, factor=row.practise, terugblik_id=row.pk, chosen_at=row.saved_at
        )
        for person, row in chosen.items()
    )
    newest = {}
    for instrument in Instrument.objects.order_by("version", "pk").iterator():
        newest[instrument.school_id] = instrument
    for instrument in newest.values():
        Instrument.objects.filter(pk=instrument.pk).update(in_use_since=instrument.loaded_at)


class Migration(migrations.Migration):
    dependencies = [("kijkwijzer", "0002_looking_further")]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
