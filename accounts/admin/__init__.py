"""The admin of people, their workspaces, and the keys that belong to them."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.admin import keys, people

__all__ = ["keys", "people"]

# Lists of others that say nothing here: rights follow from membership, and factors and addresses are their owner's.
for model in (Authenticator, EmailAddress, Group):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
