from django.apps import AppConfig


class KijkwijzerConfig(AppConfig):
    name = "kijkwijzer"
    verbose_name = "Kijkwijzer: how well"

    def ready(self):
        from kijkwijzer import emails, reactions  # noqa: F401 - they tell the registry what there is
