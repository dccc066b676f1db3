from django.apps import AppConfig


class KijkwijzerConfig(AppConfig):
    name = "kijkwijzer"
    verbose_name = "Kijkwijzer: how well"

    def ready(self):
        from kijkwijzer import reactions  # noqa: F401 - tells the registry what there is
