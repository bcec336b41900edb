"""A workspace without an owner cannot exist, whoever writes the rows.

Checked at commit, so that a workspace and its first owner are written in one transaction, and so that ownership can be
handed over in either order. Two owners who leave at the same moment meet at the lock on the workspace's row: the second
one looks after the first has committed. The lock is weaker than a foreign key's demands, so nobody else waits for it.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION accounts_workspace_has_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    team bigint;
BEGIN
    IF TG_TABLE_NAME = 'accounts_workspace' THEN
        team := NEW.id;
    ELSE
        team := OLD.workspace_id;
    END IF;
    PERFORM FROM accounts_workspace WHERE id = team FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;  -- the workspace itself was deleted
    END IF;
    PERFORM FROM accounts_membership WHERE workspace_id = team AND role = 'owner';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'workspace % would be left without an owner', team
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workspace_has_an_owner', TABLE = 'accounts_workspace';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER workspace_begins_with_an_owner
    AFTER INSERT ON accounts_workspace
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION accounts_workspace_has_an_owner();

CREATE CONSTRAINT TRIGGER workspace_keeps_an_owner_when_one_leaves
    AFTER DELETE ON accounts_membership
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION accounts_workspace_has_an_owner();

CREATE CONSTRAINT TRIGGER workspace_keeps_an_owner_when_one_changes
    AFTER UPDATE ON accounts_membership
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (OLD.role = 'owner' AND (NEW.role <> 'owner' OR NEW.workspace_id <> OLD.workspace_id))
    EXECUTE FUNCTION accounts_workspace_has_an_owner();
"""

BACKWARDS = """
DROP TRIGGER workspace_keeps_an_owner_when_one_changes ON accounts_membership;
DROP TRIGGER workspace_keeps_an_owner_when_one_leaves ON accounts_membership;
DROP TRIGGER workspace_begins_with_an_owner ON accounts_workspace;
DROP FUNCTION accounts_workspace_has_an_owner();
"""


class Migration(migrations.Migration):
    dependencies = (("accounts", "0001_people_and_keys"),)
    operations = (migrations.RunSQL(FORWARDS, BACKWARDS),)
