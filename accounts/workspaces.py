"""Which workspaces a person may enter, and as what. Every door begins here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from accounts.models import Membership, User, Workspace
from accounts.models.workspace import WorkspaceQuerySet

View = Callable[..., HttpResponseBase]


def for_user(user: User | AnonymousUser) -> WorkspaceQuerySet:
    """The workspaces this person is a member of, by name."""
    return Workspace.objects.of(user) if isinstance(user, User) else Workspace.objects.none()


def get_for(user: User, slug: str) -> Membership:
    """This person's membership, with its workspace. Another team's workspace does not exist: 404."""
    try:
        membership = Membership.objects.select_related("workspace").get(user=user, workspace__slug=slug)
    except Membership.DoesNotExist:
        raise Http404(_("There is no such workspace, or you are not a member of it.")) from None
    membership.user = user
    return membership


def last_used(user: User) -> Workspace | None:
    """Where the bare address leads: the workspace used last, else the first one, else none."""
    mine = for_user(user)
    used = mine if user.last_workspace_id is None else mine.filter(pk=user.last_workspace_id)
    return used.first() or mine.first()


def remember(user: User, workspace: Workspace) -> None:
    """Keep the workspace as the one used last; costs a write only when it changes."""
    if user.last_workspace_id == workspace.pk:
        return
    User.objects.filter(pk=user.pk).update(last_workspace=workspace)
    user.last_workspace = workspace


def person(request: HttpRequest) -> User:
    """Who is signed in; behind `login_required` there is always somebody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def members(view: View) -> View:
    """A page under `/w/<slug>/` for everybody in the workspace. The view takes the membership in the slug's place."""
    return _for(lambda _: True, view)


def editors(view: View) -> View:
    """Like `members`, for those who may change what the workspace follows; viewers get a 403."""
    return _for(lambda membership: membership.can_edit, view)


def owners(view: View) -> View:
    """Like `members`, for those who manage people, keys and erasure; everybody else gets a 403."""
    return _for(lambda membership: membership.can_manage, view)


def _for(allowed: Callable[[Membership], bool], view: View) -> View:
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        user = person(request)
        membership = get_for(user, slug)
        if not allowed(membership):
            raise PermissionDenied
        remember(user, membership.workspace)
        request.membership = membership  # type: ignore[attr-defined]  # for the frame around the page
        return view(request, membership, **kwargs)

    return guarded
