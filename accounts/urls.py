from django.urls import path

from accounts.views import invitations, keys, mail, people, workspaces

app_name = "accounts"

SETTINGS = "w/<slug:slug>/settings/"

urlpatterns = [
    path("accounts/password/reset/", mail.reset_password),  # before allauth's own
    path("accounts/email/", mail.change_email),
    path("invitations/<str:token>/", invitations.show, name="invitation"),
    path("workspaces/", workspaces.choose, name="workspaces"),
    path("workspaces/new/", workspaces.create, name="workspace_new"),
    path(SETTINGS + "people/", people.show, name="people"),
    path(SETTINGS + "people/invite/", people.invite, name="invite"),
    path(SETTINGS + "people/invitations/<int:invitation_id>/withdraw/", people.withdraw, name="withdraw"),
    path(SETTINGS + "people/<int:member_id>/role/", people.change_role, name="change_role"),
    path(SETTINGS + "people/<int:member_id>/remove/", people.remove, name="remove"),
    path(SETTINGS + "keys/", keys.show, name="keys"),
    path(SETTINGS + "keys/create/", keys.create, name="key_create"),
    path(SETTINGS + "keys/<int:key_id>/revoke/", keys.revoke, name="key_revoke"),
    path(SETTINGS + "keys/networks/add/", keys.add_network_key, name="network_key_add"),
    path(SETTINGS + "keys/networks/<int:credential_id>/remove/", keys.remove_network_key, name="network_key_remove"),
]
