from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Signing in: what allauth leaves to a site."""

    name = "spinout.accounts"
    label = "spinout_accounts"

    def ready(self) -> None:
        import_module("spinout.accounts.signals")
        # So that demo, tests and production have it by `migrate` alone. Django tells apps that have models, and this
        # one has none.
        post_migrate.connect(_create_cache_table, sender=apps.get_app_config("account"))


def _create_cache_table(*, using: str, **_given: Any) -> None:
    """The table in which attempts are counted; left alone where it is."""
    call_command("createcachetable", database=using, verbosity=0)
