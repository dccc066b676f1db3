"""A database that may still be empty: commands that people type first bring its tables up to date."""

from django.core.management import call_command


def bring_up_to_date():
    """Make or update the tables, without a word. Costs a look at the list of migrations when nothing is to be done."""
    call_command("migrate", verbosity=0, interactive=False)
