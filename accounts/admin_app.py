from django.contrib.admin.apps import AdminConfig


class YardstickAdminConfig(AdminConfig):
    """Django's admin with our own site: who enters it, and where they sit."""

    default_site = "accounts.admin_site.YardstickAdminSite"
