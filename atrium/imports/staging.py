"""The people of a file beside those that are stored: temporary tables, and what follows from comparing them.

All of it wants one transaction, at whose end the tables are gone. Nothing here touches a table of ours.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from itertools import batched, chain

import asyncpg

from atrium.imports.report import Progress
from atrium.imports.rows import ID_MAX, PersonRow
from models import db
