"""The addresses of the REST API, version 1."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from benchmark.api.benchmarks import BenchmarkView, SensitivityView, SeriesView
from benchmark.api.imports import ImportViewSet
from benchmark.api.reference import IndustriesView, IndustryFiguresView, MetricsView, NetworksView
from benchmark.api.rows import BrandViewSet, FetchRunViewSet, PostViewSet, ProfileViewSet
from benchmark.api.tracked import CompetitorViewSet, OwnAccountViewSet

router = SimpleRouter()
router.register("own-accounts", OwnAccountViewSet, basename="own-account")
router.register("competitors", CompetitorViewSet, basename="competitor")
router.register("brands", BrandViewSet, basename="brand")
router.register("profiles", ProfileViewSet, basename="profile")
router.register("posts", PostViewSet, basename="post")
router.register("imports", ImportViewSet, basename="import")
router.register("fetch-runs", FetchRunViewSet, basename="fetch-run")

app_name = "api"
urlpatterns = [
    path("networks/", NetworksView.as_view(), name="networks"),
    path("metrics/", MetricsView.as_view(), name="metrics"),
    path("industries/", IndustriesView.as_view(), name="industries"),
    path("industries/<slug:key>/figures/", IndustryFiguresView.as_view(), name="industry-figures"),
    path("benchmarks/<slug:network>/", BenchmarkView.as_view(), name="benchmark"),
    path("benchmarks/<slug:network>/series/", SeriesView.as_view(), name="series"),
    path("benchmarks/<slug:network>/sensitivity/", SensitivityView.as_view(), name="sensitivity"),
    path("schema/", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(url_name="api:schema", authentication_classes=[], permission_classes=[]),
        name="docs",
    ),
    path("", include(router.urls)),
]
