"""The workspaces a person may switch to, and, where sign-up is open, a new one."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.forms import WorkspaceForm
from accounts.models import Workspace
from accounts.workspaces import person


@require_GET
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/workspaces.html")


@require_http_methods(["GET", "POST"])
@login_required
def create(request: HttpRequest) -> HttpResponse:
    """A new workspace of one's own: where sign-up is open, or for whoever runs the installation."""
    owner = person(request)
    if settings.SIGNUP != "open" and not owner.is_superuser:
        raise PermissionDenied
    form = WorkspaceForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/workspace_new.html", {"form": form}, status=422 if form.is_bound else 200)
    workspace = Workspace.objects.create_with_owner(owner=owner, **form.cleaned_data)
    return redirect(f"/w/{workspace.slug}/")
