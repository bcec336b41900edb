"""Ties the copies in `TrackedProfile` to what they copy, so that no statement can make a 21st competitor."""

from django.db import migrations

# Deferred: a brand's role and its tracked profiles' roles change together, in one transaction.
TIES = {
    "tracked_network_is_the_profiles": (
        "(profile_id, network)",
        "benchmark_profile (id, network)",
    ),
    "tracked_role_is_the_brands": (
        "(brand_id, workspace_id, role)",
        "benchmark_brand (id, workspace_id, role)",
    ),
    "tracked_file_network_is_the_profiles": (
        "(file_profile_id, network)",
        "benchmark_profile (id, network)",
    ),
    "tracked_file_is_the_workspaces": (
        "(file_profile_id, workspace_id)",
        "benchmark_profile (id, workspace_id)",
    ),
}

ADD = "\n".join(
    f"ALTER TABLE benchmark_trackedprofile ADD CONSTRAINT {name} FOREIGN KEY {columns}"
    f" REFERENCES {target} DEFERRABLE INITIALLY DEFERRED;"
    for name, (columns, target) in TIES.items()
)
DROP = "\n".join(f"ALTER TABLE benchmark_trackedprofile DROP CONSTRAINT {name};" for name in TIES)

# "Fetched for everybody, or brought by this workspace" has no foreign key to say it: a trigger does.
OWN_FILES_ONLY = """
CREATE FUNCTION benchmark_tracked_profile_is_ours() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM benchmark_profile profile
                WHERE profile.id = NEW.profile_id AND profile.workspace_id <> NEW.workspace_id) THEN
        RAISE EXCEPTION 'the profile % was brought by another workspace', NEW.profile_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'tracked_profile_is_ours';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benchmark_tracked_profile_is_ours BEFORE INSERT OR UPDATE ON benchmark_trackedprofile
    FOR EACH ROW EXECUTE FUNCTION benchmark_tracked_profile_is_ours();
"""
ANY_FILES = """
DROP TRIGGER benchmark_tracked_profile_is_ours ON benchmark_trackedprofile;
DROP FUNCTION benchmark_tracked_profile_is_ours();
"""


class Migration(migrations.Migration):
    dependencies = [("benchmark", "0001_initial")]

    operations = [
        migrations.RunSQL(ADD, DROP),
        migrations.RunSQL(OWN_FILES_ONLY, ANY_FILES),
    ]
