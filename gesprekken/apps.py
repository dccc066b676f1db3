from django.apps import AppConfig


class GesprekkenConfig(AppConfig):
    name = "gesprekken"
    verbose_name = "Gesprekken: what"

    def ready(self):
        from gesprekken import emails  # noqa: F401 - tells the registry which mail there is
