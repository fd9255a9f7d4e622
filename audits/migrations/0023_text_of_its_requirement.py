"""Let the text that a finding keeps be one of the requirement that it names."""

from django.db import migrations

# The requirement is a column of the text, which no check of the finding's own table can read.
OF_ITS_REQUIREMENT = """
CREATE FUNCTION audits_finding_text_of_its_requirement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM compliance_requirementtext AS said
        WHERE said.id = NEW.text_id AND said.requirement_id = NEW.requirement_id
    ) THEN
        RAISE EXCEPTION 'The text that finding % keeps is not of its requirement.', NEW.record_ptr_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_text_of_its_requirement';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER audits_finding_text_of_its_requirement
    BEFORE INSERT OR UPDATE OF text_id, requirement_id ON audits_finding
    FOR EACH ROW WHEN (NEW.text_id IS NOT NULL)
    EXECUTE FUNCTION audits_finding_text_of_its_requirement();
"""

OF_ANY = """
DROP TRIGGER audits_finding_text_of_its_requirement ON audits_finding;
DROP FUNCTION audits_finding_text_of_its_requirement();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0022_check_tested_last"),
    ]

    operations = [
        migrations.RunSQL(OF_ITS_REQUIREMENT, OF_ANY),
    ]
