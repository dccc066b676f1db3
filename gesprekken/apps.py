from django.apps import AppConfig


class GesprekkenConfig(AppConfig):
    name = "gesprekken"
    verbose_name = "Gesprekken: what"

    def ready(self):
        from gesprekken import emails, questions  # noqa: F401 - they tell the registry what there is

        self.lay_the_year_ready()

    def lay_the_year_ready(self):
        from gesprekken import next_year, soorten  # noqa: F401 - react to a founded school and to an import
