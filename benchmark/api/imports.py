"""Files of posts or followers, sent in; and what became of those before."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, parsers, status
from rest_framework.request import Request
from rest_framework.response import Response

from benchmark import tracking
from benchmark.api.authentication import key_of
from benchmark.api.errors import ErrorSerializer, Refused
from benchmark.api.rows import FetchRunFilter, OfWorkspace
from benchmark.api.serializers import FetchRunSerializer, FilePreviewSerializer, NewImportSerializer
from benchmark.imports import FileRefused, Holds
from benchmark.imports.encodings import taken
from benchmark.models import FetchRun, RunKind
from tasks.uploads import leave_to_a_worker

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
            202: OpenApiResponse(
                FetchRunSerializer,
                description="A large file, which a worker imports. `Location` says where to look how far it is: its "
                "`outcome` is null until it has ended.",
            ),
            **dict.fromkeys((400, 404, 409, 422), ErrorSerializer),
        },
    )
    def create(self, request: Request) -> Response:
        """Import a file, or say with `preview` what it would bring. One bad row refuses the whole of it, unless
        `skip_bad_rows` is true. A worker imports one of more than 2,000 rows, where one runs."""
        asked = NewImportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        file = wanted.pop("file")
        preview, kind = wanted.pop("preview"), wanted.pop("kind", None)
        how = tracking.Wanted(**wanted, holding=kind and Holds(kind))
        try:
            content = taken(file)
            if preview:
                return Response(FilePreviewSerializer(self.looked_at(content, file.name, how)).data)
            return self.imported(content, file.name, how)
        except FileRefused as refused:
            raise refused_file(refused) from refused

    def imported(self, content: bytes, name: str, how: tracking.Wanted) -> Response:
        """What came of a file, or where to look for that."""
        by, now = tracking.By.key(key_of(self.request)), timezone.now()
        run = leave_to_a_worker(self.workspace, content, name, how, by=by, now=now)
        if run is None:
            done = tracking.import_file(self.workspace, content, source=name, by=by, now=now, **how.options)
            return Response(FetchRunSerializer(done.run).data, status=status.HTTP_201_CREATED)
        place = {"Location": reverse("api:import-detail", args=[run.pk])}
        return Response(FetchRunSerializer(run).data, status=status.HTTP_202_ACCEPTED, headers=place)

    def looked_at(self, content: bytes, name: str, how: tracking.Wanted) -> dict[str, Any]:
        """What it would bring. Raises `FileRefused` where it cannot be read at all."""
        seen = tracking.look(self.workspace, content, name, how, now=timezone.now())
        if seen.file.refusal is not None:
            raise seen.file.refusal
        return seen.as_data()


def refused_file(refused: FileRefused) -> Refused:
    """A file that is not imported, as an answer: the sentence, and the first bad rows."""
    named = "; ".join(problem.told(_) for problem in refused.problems[:LINES_NAMED])
    return Refused(
        code=refused.code,
        message=f"{refused.told(_)} {named}".strip(),
        field=FIELDS.get(refused.code, "file"),
        status_code=status.HTTP_422_UNPROCESSABLE_ENTITY,
    )
