"""The addresses of pages. Each begins with its workspace; the bare path leads to the workspace used last."""

from django.urls import path

from benchmark.web.views import assets, compare, competitors, files, home, keys, overview, rates, reference

app_name = "web"

WORKSPACE = "w/<slug:slug>/"

urlpatterns = [
    path("", home.overview, name="home"),
    path("compare/<slug:network>/", home.compare, name="home_compare"),
    *(path(f"{page}/", home.page, {"name": page}, name=f"home_{page}") for page in home.BARE),
    path("avatars/<int:profile_id>.webp", assets.avatar, name="avatar"),
    path("charts/<str:version>.js", assets.charts, name="charts"),
    path(WORKSPACE, overview.show, name="overview"),
    path(WORKSPACE + "progress/", overview.progress, name="progress"),
    path(WORKSPACE + "compare/<slug:network>/", compare.show, name="compare"),
    path(WORKSPACE + "compare/<slug:network>/sensitivity/", compare.sensitivity, name="sensitivity"),
    path(WORKSPACE + "compare/<slug:network>/export.csv", compare.as_csv, name="export_csv"),
    path(WORKSPACE + "compare/<slug:network>/export.json", compare.as_json, name="export_json"),
    path(WORKSPACE + "competitors/", competitors.show, name="competitors"),
    path(WORKSPACE + "competitors/look-up/", competitors.look_up, name="look_up"),
    path(WORKSPACE + "competitors/add/", competitors.add, name="add"),
    path(WORKSPACE + "competitors/bulk/", competitors.add_many, name="add_many"),
    path(WORKSPACE + "competitors/<int:tracked_id>/<slug:action>/", competitors.act, name="act"),
    path(WORKSPACE + "files/", files.show, name="files"),
    path(WORKSPACE + "files/<uuid:upload_id>/", files.preview, name="file"),
    path(WORKSPACE + "files/imports/<int:run_id>/", files.result, name="file_import"),
    path(WORKSPACE + "settings/keys/networks/<int:credential_id>/test/", keys.test, name="key_test"),
    path(WORKSPACE + "metrics/", reference.metrics, name="metrics"),
    path(WORKSPACE + "metrics/rates/", rates.show, name="rates"),
    path(WORKSPACE + "networks/", reference.networks, name="networks"),
    path(WORKSPACE + "industries/", reference.industries, name="industries"),
    path(WORKSPACE + "industries/<slug:industry>/", reference.industry_figures, name="industry"),
]
