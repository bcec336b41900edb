"""Files of posts or followers, sent in; and what became of those before."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.request import Request
from rest_framework.response import Response

from benchmark import tracking
from benchmark.api.authentication import key_of
from benchmark.api.errors import ErrorSerializer, Refused
from benchmark.api.rows import FetchRunFilter, OfWorkspace
from benchmark.api.serializers import FetchRunSerializer, NewImportSerializer
from benchmark.imports import FileRefused
from benchmark.models import FetchRun, RunKind

LINES_NAMED = 20


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
            201: FetchRunSerializer,
            **dict.fromkeys((400, 404, 409, 422), ErrorSerializer),
        },
    )
    def create(self, request: Request) -> Response:
        """Import a file. One bad row refuses the whole of it, unless `skip_bad_rows` is true."""
        asked = NewImportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            imported = self.store(asked.validated_data)
        except FileRefused as refused:
            raise refused_file(refused) from refused
        return Response(FetchRunSerializer(imported.run).data, status=status.HTTP_201_CREATED)

    def store(self, wanted: dict[str, Any]) -> tracking.Imported:
        """Hand the file to the layer that knows the rules."""
        shared: dict[str, Any] = {
            "network": wanted["network"],
            "source": wanted["file"].name,
            "by": tracking.By.key(key_of(self.request)),
            "now": timezone.now(),
            "own": wanted["own"],
            "format": wanted["format"],
            "skip_bad_rows": wanted["skip_bad_rows"],
        }
        if wanted["kind"] == "followers":
            return tracking.import_followers(self.workspace, wanted["file"], **shared)
        return tracking.import_posts(
            self.workspace,
            wanted["file"],
            profile=wanted["profile"],
            counted_at=wanted.get("counted_at"),
            complete_from=wanted.get("complete_from"),
            **shared,
        )


def refused_file(refused: FileRefused) -> Refused:
    """A file that is not imported, as an answer: the sentence, and the first bad rows."""
    named = "; ".join(str(problem) for problem in refused.problems[:LINES_NAMED])
    return Refused(
        code=refused.code,
        message=f"{refused.sentence} {named}".strip(),
        field="file",
        status_code=status.HTTP_422_UNPROCESSABLE_ENTITY,
    )
