from django.apps import AppConfig


class KijkwijzerConfig(AppConfig):
    name = "kijkwijzer"
    verbose_name = "Kijkwijzer: how well"
