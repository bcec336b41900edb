"""What every part of the admin keeps to: it asks the seat, starts at its workspace, and knows no foreign ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import HORIZONTAL, helpers
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import (
    CHECKBOX_CLASSES,
    INPUT_CLASSES,
    TEXTAREA_CLASSES,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
)

from accounts.admin_site import Seat, seat_of
from accounts.models import Workspace

# A form that was opened in one workspace adds nothing to another: the switcher may have been used in another window.
OPENED_IN = "opened_in"
SWITCHED = gettext_lazy("You have switched to %(workspace)s in another window. Open this page again to add there.")


def editors(seat: Seat) -> bool:
    return seat.can_edit


def owners(seat: Seat) -> bool:
    return seat.can_manage


def operators(seat: Seat) -> bool:
    """Whoever runs the installation."""
    return seat.user.is_superuser


class AdminPart(ModelAdmin):
    """A list with its forms. `who` may look at it, and what `may` names may be done beside looking."""

    may: ClassVar[frozenset[str]] = frozenset()
    list_per_page = 50
    list_filter_submit = True
    compressed_fields = True
    warn_unsaved_form = True

    # --- who may ---

    @staticmethod
    def who(seat: Seat) -> bool:
        return operators(seat)

    def allowed(self, request: HttpRequest, what: str = "view") -> bool:
        seat = seat_of(request)
        return seat is not None and self.who(seat) and (what == "view" or what in self.may)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.allowed(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.allowed(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.allowed(request, "delete")

    # --- where it starts ---

    def workspace(self, request: HttpRequest) -> Workspace:
        """The workspace of the seat. Behind a permission there always is one."""
        seat = seat_of(request)
        if seat is None or seat.workspace is None:
            raise PermissionDenied
        return seat.workspace

    def get_field_queryset(self, db: str | None, db_field: ForeignKey[Any, Any], request: HttpRequest) -> Any:
        """The choices of a foreign key are the rows that its own list would show."""
        related = self.admin_site.get_model_admin(db_field.remote_field.model)
        return related.get_queryset(request)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Another team's row does not exist."""
        raise Http404

    def refuse_before_looking(self, request: HttpRequest) -> None:
        """Whoever may not see these rows does not learn which of them exist either."""
        if not self.has_view_permission(request):
            raise PermissionDenied

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        self.refuse_before_looking(request)
        answer: HttpResponse = super().history_view(request, object_id, extra_context)
        return answer

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        self.refuse_before_looking(request)
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404
        answer: HttpResponse = super().delete_view(request, object_id, extra_context)
        return answer

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Refuse ids that the list could not have shown, instead of passing over them."""
        self.selected(request, request.POST.getlist(helpers.ACTION_CHECKBOX_NAME))
        answer: HttpResponse | None = super().response_action(request, queryset)
        return answer

    def selected(self, request: HttpRequest, ids: Sequence[str]) -> list[Any]:
        """The rows of these ids; 404 where one is not a row of the list."""
        try:
            rows = list(self.get_queryset(request).filter(pk__in=set(ids)))
        except (ValueError, ValidationError):
            raise Http404 from None
        if len(rows) != len(set(ids)):
            raise Http404
        return rows

    # --- what pages are called ---

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        answer: HttpResponse = super().changelist_view(request, title | (extra_context or {}))
        return answer

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        title = {"title": capfirst(self.opts.verbose_name)}
        return super().change_view(request, object_id, form_url, title | (extra_context or {}))

    # --- pages of our own ---

    def page(self, request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> TemplateResponse:
        """A page of this part that is neither a list nor a row's form."""
        request.current_app = self.admin_site.name
        frame = self.admin_site.each_context(request)
        words = {"opts": self.opts, "model_admin": self, "media": self.media, "has_permission": True}
        return TemplateResponse(request, template, {**frame, **words, **context}, status=status)


class OfWorkspace(AdminPart):
    """Rows that belong to the workspace of the seat."""

    who = staticmethod(editors)

    def get_queryset(self, request: HttpRequest) -> Any:
        seat = seat_of(request)
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(workspace=seat.workspace) if seat and seat.workspace else rows.none()


class OfInstallation(AdminPart):
    """Rows of the whole installation, for those who run it."""


class AddsByForm(AdminPart):
    """Rows that come to be by a function, not by filling in a row: the form is a plain one."""

    add_title: ClassVar[Any] = ""
    add_button: ClassVar[Any] = ""

    def add_form(self, request: HttpRequest) -> forms.Form:
        """The form, bound where it was sent."""
        raise NotImplementedError

    def add(self, request: HttpRequest, form: Any) -> HttpResponse | None:
        """Do what the form says. None where that was refused, with the reason in the form."""
        raise NotImplementedError

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        seat, form = seat_of(request), dressed(self.add_form(request))
        here = seat.workspace if seat else None
        if here is not None and request.POST.get(OPENED_IN, here.slug) != here.slug:
            form.add_error(None, SWITCHED % {"workspace": here.name})
        if request.method == "POST" and form.is_valid():
            answer = self.add(request, form)
            if answer is not None:
                return answer
        words = {"form": form, "title": self.add_title, "button": self.add_button, "opened_in": OPENED_IN, "here": here}
        return self.page(request, "admin/add_by_form.html", status=422 if form.is_bound else 200, **words)


def dressed(form: Any) -> Any:
    """A plain form in the admin's clothes."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.RadioSelect):
            field.widget = UnfoldAdminRadioSelectWidget(HORIZONTAL, attrs=field.widget.attrs, choices=field.choices)
            continue
        if isinstance(field.widget, forms.FileInput):
            field.widget = UnfoldAdminFileFieldWidget(attrs=field.widget.attrs)
            continue
        if isinstance(field.widget, forms.Select):
            field.widget = UnfoldAdminSelectWidget(attrs=field.widget.attrs, choices=field.choices)
            continue
        field.widget.attrs["class"] = " ".join(clothes(field.widget))
    return form


def clothes(widget: forms.Widget) -> list[str]:
    if isinstance(widget, forms.CheckboxInput):
        return list(CHECKBOX_CLASSES)
    return list(TEXTAREA_CLASSES if isinstance(widget, forms.Textarea) else INPUT_CLASSES)
