from django.apps import AppConfig


class GesprekkenConfig(AppConfig):
    name = "gesprekken"
    verbose_name = "Gesprekken: what"

    def ready(self):
        # They tell the registry what there is: messages, and what follows a founded school or an import.
        from gesprekken import emails, soorten  # noqa: F401
        from gesprekken.afterwards import asking, reminding  # noqa: F401
        from gesprekken.preparing import questions  # noqa: F401
        from gesprekken.year import next_year  # noqa: F401
