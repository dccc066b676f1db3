from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "planning"
    verbose_name = "Planning: when"

    def ready(self):
        from planning import day_emails, emails, news, reactions  # noqa: F401 - they tell the registry what there is
