from django.apps import AppConfig


class SchoolConfig(AppConfig):
    name = "school"
    verbose_name = "School: who"

    def ready(self):
        from school import emails  # noqa: F401 - tells the registry which mail there is
        from school.importers import batches  # noqa: F401 - and which jobs
