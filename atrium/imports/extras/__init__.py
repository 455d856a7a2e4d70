"""What files may hold beside the org chart: one module a domain, called as the domain is everywhere.

A domain brings a type into files in three steps:

1. here, in `<domain>.py`, an `Extra` says which field of a record becomes which column (`declaring` has the words), and
   what else must be done before or after; `telling` tells the log;
2. in `atrium/exports/<domain>.py` a statement says the same fields of each row, under the same names;
3. both get a line, in `order.ORDER` and in `atrium.exports.statements.STATEMENTS`: what others speak of comes first.
   So does the page on exports.

Everything else follows: ids, references, doubles, tombstones, dry runs, counts and messages (`taking`). A table that is
in no export is named as such in the tests of exports.
"""
