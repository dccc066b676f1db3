from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "planning"
    verbose_name = "Planning: when"

    def ready(self):
        from planning import emails, reactions  # noqa: F401 - they tell the registry what there is
        from planning.activities import emails as activity_emails  # noqa: F401 - they tell the registry what there is
        from planning.around import news  # noqa: F401 - they tell the registry what there is
        from planning.day import emails as day_emails  # noqa: F401 - they tell the registry what there is
        from planning.inviting import announcing, printing, reminders, trial  # noqa: F401 - they tell the registry what there is
        from planning.times import offer_emails  # noqa: F401 - they tell the registry what there is
