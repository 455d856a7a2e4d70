"""Posts that announce surveys."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

# A post outlives the survey. Nearly none has one, so the index is small.
UP = """
ALTER TABLE post ADD CONSTRAINT post_survey FOREIGN KEY (survey_id) REFERENCES survey ON DELETE SET NULL;
CREATE INDEX post_by_survey ON post (survey_id) WHERE survey_id IS NOT NULL;
"""
DOWN = """
DROP INDEX post_by_survey;
ALTER TABLE post DROP CONSTRAINT post_survey;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0006_surveys")]

    initial = False

    operations = [
        ops.AddField(model_name="Post", name="survey_id", field=fields.UUIDField(null=True)),
        ops.RunSQL(UP, DOWN),
    ]
