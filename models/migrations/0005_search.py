"""Search: documents that we split into words ourselves, the words of all of them; who may be suggested."""

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

# The documents are made anew, by the rows: the worker fills an index that it finds empty.
FORGET = """
TRUNCATE search_document;
ALTER TABLE search_document DROP COLUMN words;
DROP FUNCTION search_folded(text);
"""
REMEMBER = """
CREATE FUNCTION search_folded(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  regexp_replace(normalize(lower($1), NFKD), U&'[\\0300-\\036F]', '', 'g');
ALTER TABLE search_document ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
  setweight(to_tsvector('simple', search_folded(title)), 'A') || setweight(to_tsvector('simple', search_folded(body)), 'B')
) STORED;
CREATE INDEX search_document_words ON search_document USING gin (words);
"""

# What was written last is looked through one by one until it has grown to this many kB: the less, the faster a search.
UP = """
ALTER TABLE search_document ADD COLUMN words tsvector NOT NULL;
ALTER TABLE search_document SET (toast_tuple_target = 8160);
CREATE INDEX search_document_words ON search_document USING gin (words) WITH (gin_pending_list_limit = 512);
ALTER TABLE search_word ALTER COLUMN word TYPE varchar(100) COLLATE "C";
CREATE INDEX search_word_folds ON search_word USING gin (folds) WITH (gin_pending_list_limit = 512);
CREATE TABLE search_name (
  audience_id uuid NOT NULL,
  kind text NOT NULL,
  word text COLLATE "C" NOT NULL,
  subject_id uuid NOT NULL,
  said text NOT NULL,
  PRIMARY KEY (audience_id, kind, word, subject_id)
);
CREATE INDEX search_name_of ON search_name (subject_id);
CREATE INDEX comment_in_audience ON comment (audience_id, id);
"""
DOWN = """
DROP INDEX comment_in_audience;
DROP TABLE search_name;
TRUNCATE search_document;
ALTER TABLE search_document DROP COLUMN words;
ALTER TABLE search_document RESET (toast_tuple_target);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0004_chat")]

    initial = False

    operations = [
        ops.RunSQL(FORGET, REMEMBER),
        ops.CreateModel(
            name="SearchWord",
            fields=[
                ("word", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=100)),
                ("folds", ArrayField(default=list, element_type="TEXT")),
                ("open", fields.BooleanField(default=False)),
            ],
            options={
                "table": "search_word",
                "app": "models",
                "pk_attr": "word",
                "table_description": "A word that some document has had, and what it is with one letter less: so misspelt ones are found.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Person",
            name="suggested",
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AlterModelOptions(
            name="SearchDocument",
            options={
                "table": "search_document",
                "app": "models",
                "indexes": [Index(fields=["kind", "subject_id"])],
                "pk_attr": "id",
                "table_description": "A thing as it can be found. What it says is in `words`, a tsvector that Tortoise does not know of.",
            },
        ),
        ops.AddField(
            model_name="SearchDocument",
            name="edition",
            field=fields.BigIntField(default=0),
        ),
        ops.AddField(
            model_name="SearchDocument",
            name="moment",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="SearchDocument",
            name="terms",
            field=ArrayField(default=list, element_type="TEXT"),
        ),
        ops.RemoveField(model_name="SearchDocument", name="audience_id"),
        ops.RemoveField(model_name="SearchDocument", name="body"),
        ops.RemoveField(model_name="SearchDocument", name="title"),
        ops.AddIndex(
            model_name="SearchDocument",
            index=Index(fields=["kind", "subject_id"]),
        ),
        ops.RunSQL(UP, DOWN),
    ]
