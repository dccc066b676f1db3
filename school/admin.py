"""The operators' desk: schools, logins, what waits and what happened. Never what is said about children.

Who comes in has `is_staff`, and a second factor if that is set. Models with content are not registered, and a test keeps it so (tests/school/test_admin.py).
"""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from django.contrib import admin

from school.models import AuditEvent, Job, Medewerker, Outgoing, Rol, School, Schooljaar, User

# A desk of our own, not Django's default one: there every library lays its models, secrets of second factors included.
desk = admin.AdminSite(name="admin")
desk.site_header = desk.site_title = "Gesprekken - beheer"
desk.index_title = "Beheer"
# Operators sign in where everybody does: counted attempts, second step. Who is no operator gets 403.
desk.login = secure_admin_login(desk.login)


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(School, site=desk)
class SchoolAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "soort", "brin")
    search_fields = ("name", "slug", "brin")
    exclude = ("logo",)

    def has_add_permission(self, request):
        return False  # a school is founded with its data: manage.py create_school

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(User, site=desk)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email",)
    fields = ("email", "is_active", "is_staff", "is_superuser", "last_login", "session_round")
    readonly_fields = ("email", "last_login")

    def has_add_permission(self, request):
        return False  # by invitation, or manage.py createsuperuser

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Authenticator, site=desk)
class SecondFactorAdmin(admin.ModelAdmin):
    """For somebody whose telephone is gone: take the second step away. Its secret is never shown."""

    list_display = ("user", "type", "created_at", "last_used_at")
    fields = readonly_fields = ("user", "type", "created_at", "last_used_at")
    search_fields = ("user__email",)

    def has_add_permission(self, request):
        return False


@admin.register(Schooljaar, site=desk)
class SchooljaarAdmin(ReadOnly):
    list_display = ("school", "starts_on", "ends_on")
    list_filter = ("school",)


@admin.register(Medewerker, site=desk)
class MedewerkerAdmin(ReadOnly):
    list_display = ("person", "school", "function", "invited_at", "deactivated_at", "left_on")
    list_filter = ("school",)
    list_select_related = ("person", "school")


@admin.register(Rol, site=desk)
class RolAdmin(ReadOnly):
    list_display = ("person", "soort", "school")
    list_filter = ("school", "soort")
    list_select_related = ("person", "school")


@admin.register(Outgoing, site=desk)
class OutgoingAdmin(ReadOnly):
    """State of the mail. Subject, text and recipient stay out: they tell whose child it is about."""

    list_display = ("id", "message", "school", "state", "attempts", "due_at", "sent_at", "why")
    list_filter = ("state", "message", "school")
    fields = (
        "message",
        "school",
        "state",
        "version",
        "attempts",
        "created_at",
        "due_at",
        "claimed_at",
        "sent_at",
        "why",
    )


@admin.register(Job, site=desk)
class JobAdmin(ReadOnly):
    list_display = ("id", "kind", "school", "state", "done", "total", "attempts", "created_at", "finished_at")
    list_filter = ("state", "kind", "school")
    fields = ("kind", "school", "state", "done", "total", "attempts", "created_at", "claimed_at", "finished_at")


@admin.register(AuditEvent, site=desk)
class AuditEventAdmin(ReadOnly):
    list_display = ("at", "school", "verb", "level", "object_type", "object_id")
    list_filter = ("school", "verb")
    fields = ("at", "school", "verb", "level", "object_type", "object_id")
