"""Files of posts or followers, sent in; and what became of those before."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.request import Request
from rest_framework.response import Response

from benchmark import tracking
from benchmark.api.authentication import key_of
from benchmark.api.errors import ErrorSerializer, Refused
from benchmark.api.rows import FetchRunFilter, OfWorkspace
from benchmark.api.serializers import FetchRunSerializer, FilePreviewSerializer, NewImportSerializer
from benchmark.imports import FileRefused, Holds
from benchmark.models import FetchRun, RunKind

LINES_NAMED = 20
FIELDS = {  # which of them has to change; otherwise the file
    "profile_missing": "profile",
    "file_of_many_profiles": "rows_of",
    "rows_of_nobody": "rows_of",
    "zone_unknown": "zone",
    "zone_is_known": "zone",
    "wrong_network": "network",
    "wrong_content": "kind",
    "format_unknown": "format",
    "counted_in_the_future": "counted_at",
    "complete_after_counting": "complete_from",
}


class ImportFilter(FetchRunFilter):
    """Which imports."""

    class Meta:
        model = FetchRun
        fields = ("network", "outcome")


class ImportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Imports of the workspace, refused ones included: rows read, new and changed, and every bad row with its line."""

    serializer_class = FetchRunSerializer
    parser_classes = (parsers.MultiPartParser,)
    filterset_class = ImportFilter
    queryset = FetchRun.objects.none()

    def get_queryset(self) -> QuerySet[FetchRun]:
        if self.describes_itself:
            return FetchRun.objects.none()
        return FetchRun.objects.visible_to(self.workspace).filter(kind=RunKind.IMPORT)

    @extend_schema(
        request={"multipart/form-data": NewImportSerializer},
        responses={
            200: FilePreviewSerializer,
            201: FetchRunSerializer,
            **dict.fromkeys((400, 404, 409, 422), ErrorSerializer),
        },
    )
    def create(self, request: Request) -> Response:
        """Import a file, or say with `preview` what it would bring. One bad row refuses the whole of it, unless
        `skip_bad_rows` is true."""
        asked = NewImportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        file = wanted.pop("file")
        try:
            if wanted.pop("preview"):
                return Response(FilePreviewSerializer(self.looked_at(file, wanted)).data)
            run = self.store(file, wanted).run
        except FileRefused as refused:
            raise refused_file(refused) from refused
        return Response(FetchRunSerializer(run).data, status=status.HTTP_201_CREATED)

    def store(self, file: BinaryIO, wanted: dict[str, Any]) -> tracking.Imported:
        """Hand the file to the layer that knows the rules."""
        return tracking.import_file(
            self.workspace,
            file,
            source=file.name,
            by=tracking.By.key(key_of(self.request)),
            now=timezone.now(),
            holding=holding(wanted),
            **wanted,
        )

    def looked_at(self, file: BinaryIO, wanted: dict[str, Any]) -> dict[str, Any]:
        """What it would bring. Raises `FileRefused` where it cannot be read at all."""
        kind, format = holding(wanted), wanted.pop("format")  # noqa: A001  the word for it
        seen = tracking.look(
            self.workspace,
            file,
            file.name,
            tracking.Wanted(**wanted),
            now=timezone.now(),
            format=format,
            holding=kind,
        )
        if seen.file.refusal is not None:
            raise seen.file.refusal
        return seen.as_data()


def holding(wanted: dict[str, Any]) -> Holds | None:
    """What the file has to hold, if anything was said about that."""
    kind = wanted.pop("kind", None)
    return None if kind is None else Holds(kind)


def refused_file(refused: FileRefused) -> Refused:
    """A file that is not imported, as an answer: the sentence, and the first bad rows."""
    named = "; ".join(problem.told(_) for problem in refused.problems[:LINES_NAMED])
    return Refused(
        code=refused.code,
        message=f"{refused.told(_)} {named}".strip(),
        field=FIELDS.get(refused.code, "file"),
        status_code=status.HTTP_422_UNPROCESSABLE_ENTITY,
    )
