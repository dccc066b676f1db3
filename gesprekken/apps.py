from django.apps import AppConfig


class GesprekkenConfig(AppConfig):
    name = "gesprekken"
    verbose_name = "Gesprekken: what"

    def ready(self):
        from gesprekken import emails  # noqa: F401 - tells the registry which mail there is

        self.lay_the_year_ready()

    def lay_the_year_ready(self):
        from gesprekken import cycle, soorten  # noqa: F401 - react to a founded school and to an import
