"""Search by Meilisearch: forgiving and fast, of an index that is ours alone."""

from __future__ import annotations

import contextlib
import secrets
import uuid
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from meilisearch.index import Index
from meilisearch.models.task import TaskInfo

from search import meili_filters as filters
from search.engine import HITS_MAX, Document, Found, Hit, Sight, Unavailable
from search.meili_client import Client, Refused, Unwell
from search.meili_documents import FORMAT, SHOWN, asked_for, hit, inflected, made
from search.meili_filters import Word
from search.meili_settings import STAMPED, differing
from search.query import Query

T = TypeVar("T")

INDEX = "atrium"
STAMP = Word("stamp")
KIND = Word("STAMP")
ENOUGH = 10  # hits: with fewer, words may be inflected, and such as `the` are done without
FORGIVEN = 10.0  # of the score: whatever matches as it was typed comes first
PORTION = 1_000  # documents sent at a time
UNDER_WAY = 8  # tasks of an index being built that are not waited for
FORSAKEN = timedelta(hours=1)  # without a write, after which an index that was being built counts as given up

Raw = Mapping[str, Any]
"""A document as the server gives it."""


class Foreign(Unwell):
    """The index is not ours."""


class MeiliEngine:
    """The index `atrium` of a server; searches are answered once it is built, which `take_over` says.

    `installation` names whose index it is: one of another installation, or made by somebody else, is neither read nor
    written. A stamp tells, a document that nobody finds: it is there from the index's first moment, and looked at with
    every search and before every write.

    An older version never replaces a newer one: `put` asks first what is there. Between that and the write another
    writer comes only where a reader of the log has lost its lease and does not know yet. What is stale then is known
    for stale when it is found, and the nightly comparison mends it.
    """

    name = "meilisearch"

    def __init__(self, client: Client, installation: str, uid: str = INDEX) -> None:
        self.client, self.installation, self.uid = client, installation, uid
        self._is_made = self._is_settled = False
        self._under_way: list[int] = []

    # Searching

    async def find(self, query: Query, sight: Sight) -> Found:
        if not query.kinds or not (query.wanted or query.terms or query.after or query.before):
            return Found((), whole=True)
        allowed, asked = filters.found(query, sight), asked_for(query)
        hits, is_whole = await self._find(asked, allowed)
        wider = [parts for parts in inflected(query) if parts not in asked]
        if len(hits) < ENOUGH and wider and not await self._is_enough(query.whole, sight):
            more, is_whole = await self._find(wider, allowed)
            had = {one.subject for one in hits}
            hits += [replace(one, score=one.score - FORGIVEN) for one in more if one.subject not in had]
        return Found(hits[:HITS_MAX], is_whole and len(hits) <= HITS_MAX)

    async def _is_enough(self, query: Query | None, sight: Sight) -> bool:
        """Whether a search finds enough before anything is forgiven."""
        return query is not None and len((await self._find(asked_for(query), filters.found(query, sight)))[0]) >= ENOUGH

    async def _find(self, spellings: list[list[str]], allowed: str) -> tuple[list[Hit], bool]:
        """What fulfils all requests of any spelling, best first; whether there is nothing else.

        The stamp is asked for in the same breath, so that no answer of a foreign index is ever taken for one.
        """
        sought = {"filter": allowed, "limit": HITS_MAX, "matchingStrategy": "all", "attributesToRetrieve": [*SHOWN]}
        sought["showRankingScore"] = True
        stamp = {"filter": f"kind = {filters.quoted(KIND)}", "limit": 1}
        asked = [*({**sought, "q": text} for parts in spellings for text in parts), stamp]
        asked = [{"indexUid": self.uid, **one} for one in asked]
        try:
            *answers, stamps = await self.client.find(lambda client: _hits(client.multi_search(asked)))
        except Refused as error:
            # Settings are others': so is the index, as a rule, and that is what to tell.
            if error.code == "invalid_search_filter" and not await self.is_built():
                raise _unfilled() from error
            raise
        if not stamps:
            await self.is_built()  # It is not ours, which this raises, or is just being made.
        if not stamps or not self._recognised(stamps[0]):
            raise _unfilled()
        given = iter(answers)
        found = [_common([next(given) for _ in parts]) for parts in spellings]
        return _best(found), all(len(one) < HITS_MAX for one in answers)

    # Keeping

    async def put(self, documents: Sequence[Document]) -> None:
        for portion in _portions(documents):
            latest: dict[uuid.UUID, Document] = {}
            for document in portion:
                had = latest.get(document.subject)
                if had is None or had.version <= document.version:
                    latest[document.subject] = document
            held = await self.versions(list(latest))
            fresh = [d for d in latest.values() if d.subject not in held or held[d.subject][0] <= d.version]
            if fresh:
                await self._write(lambda index, fresh=fresh: index.add_documents([made(d) for d in fresh], "id"))

    async def drop(self, subjects: Sequence[uuid.UUID]) -> None:
        for portion in _portions(subjects):
            await self._drop(filters.among("id", portion))

    async def drop_within(self, audience: uuid.UUID) -> None:
        await self._drop(filters.within(audience))

    async def versions(self, subjects: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, tuple[int, int]]:
        found = await self._documents(filters.among("id", subjects), ["id", "version", "edition"], len(subjects))
        return {uuid.UUID(one["id"]): (one["version"], one["edition"]) for one in found}

    async def subjects(self, kind: str, after: uuid.UUID, most: int) -> Sequence[uuid.UUID]:
        found = await self._documents(filters.of_kind(kind, after), ["id"], most, sort=["id:asc"])
        return [uuid.UUID(one["id"]) for one in found]

    # Building anew

    async def rebuilt(self) -> MeiliEngine:
        await self.prepare()
        await self._sweep()
        into = MeiliEngine(self.client, self.installation, f"{INDEX}_{secrets.token_hex(4)}")
        await into.prepare()
        return into

    async def take_over(self) -> None:
        """Be the index that is searched; called on the one that is already: its first filling has ended."""
        await self.prepare()
        await self._write(lambda index: index.add_documents([self._stamp(built=True)], "id"))
        await self._catch_up()
        if self.uid == INDEX:
            return
        await MeiliEngine(self.client, self.installation).prepare()
        built = self.uid
        await self.client.done(lambda client: client.swap_indexes([{"indexes": [INDEX, built]}]))
        self.uid = INDEX
        await self.client.done(lambda client: client.delete_index(built))

    async def _sweep(self) -> None:
        """Delete what was left of buildings that came to nothing."""
        found = await self.client.do(lambda client: cast(Any, client.get_raw_indexes({"limit": 1_000}))["results"])
        for one in found:
            written = datetime.fromisoformat(one["updatedAt"][:19]).replace(tzinfo=UTC)
            if one["uid"].startswith(f"{INDEX}_") and written < datetime.now(UTC) - FORSAKEN:
                with contextlib.suppress(Foreign):
                    await MeiliEngine(self.client, self.installation, one["uid"]).is_built()
                    await self.client.done(lambda client, uid=one["uid"]: client.delete_index(uid))

    # Its state

    async def prepare(self) -> None:
        """See that the index is there and ours, and once that its settings are as declared; else make them so."""
        try:
            await self.is_built()
        except Refused as error:
            if error.code != "index_not_found" or (self._is_made and self.uid != INDEX):
                raise
            # Made with its stamp, in one task: an index without one is not ours.
            self._is_settled = False
            await self.client.done(
                lambda client: client.index(self.uid).add_documents([self._stamp(built=False)], "id")
            )
            await self.is_built()
        self._is_made = True
        if not self._is_settled:
            await self._settle()
            self._is_settled = True

    async def is_built(self) -> bool:
        """Whether all is in the index, as this version writes it; until then `find` raises.

        Raises `Foreign` where the index is not ours, `Refused` where there is none.
        """
        stamp = await self._stamped()
        if stamp is None:  # It may just be made, by another process of ours: there is an index before its stamp is in.
            await self._await("documentAdditionOrUpdate")
            stamp = await self._stamped()
        return self._recognised(stamp)

    async def _stamped(self) -> Raw | None:
        fields = {"fields": [*STAMPED]}
        try:
            return await self.client.do(lambda client: _raw(client.index(self.uid).get_document(STAMP, fields)))
        except Refused as error:
            if error.code != "document_not_found":
                raise
            return None

    async def unsettled(self) -> dict[str, Any]:
        """The settings that are not as declared, with what is declared."""
        return differing(await self.client.do(lambda client: client.index(self.uid).get_settings()))

    def _recognised(self, stamp: Raw | None) -> bool:
        if stamp is None or stamp.get("installation") != self.installation:
            owner = f"another installation, {stamp.get('installation')}" if stamp else "somebody else"
            raise Foreign(
                f"The index {self.uid} belongs to {owner}: name another server in ATRIUM_MEILISEARCH_URL; or, if nobody"
                " needs that index any more, delete it, and the worker makes ours."
            )
        return stamp.get("built") == FORMAT

    def _stamp(self, *, built: bool) -> dict[str, Any]:
        return {"id": STAMP, "kind": KIND, "installation": self.installation, "built": FORMAT if built else 0}

    async def _settle(self) -> None:
        """Make the settings as declared. Of a big index that takes longer than one waits: the next try waits on."""
        await self._await("settingsUpdate")
        if wanted := await self.unsettled():
            await self.client.done(lambda client: client.index(self.uid).update_settings(wanted))

    async def _await(self, sort: str) -> None:
        """Wait for the tasks of a sort that are under way in the index, whoever began them."""
        at_it = {"statuses": ["enqueued", "processing"], "types": [sort], "indexUids": [self.uid]}
        for task in await self.client.do(lambda client: sorted(one.uid for one in client.get_tasks(at_it).results)):
            await self.client.finish(task)

    async def count(self) -> int:
        """How many documents are in the index."""
        asked = {"filter": f"NOT {filters.among('kind', [KIND])}", "fields": ["id"], "limit": 0}
        return await self.client.do(lambda client: client.index(self.uid).get_documents(asked).total)

    async def _documents(
        self, wanted: str, fields: Sequence[str], most: int, sort: Sequence[str] | None = None
    ) -> list[Raw]:
        await self.prepare()
        asked = {"filter": wanted, "fields": list(fields), "limit": most, "sort": sort}
        with self._doubted():
            return await self.client.do(
                lambda client: [_raw(one) for one in client.index(self.uid).get_documents(asked).results]
            )

    async def _drop(self, unwanted: str) -> None:
        await self.prepare()
        await self._write(lambda index: index.delete_documents(filter=unwanted))

    async def _write(self, enqueue: Callable[[Index], TaskInfo]) -> None:
        """Have something written; an index that nobody searches yet is not waited for, but for the last few tasks."""
        with self._doubted():
            task = await self.client.begun(lambda client: enqueue(client.index(self.uid)))
            self._under_way.append(task)
            await self._catch_up(0 if self.uid == INDEX else UNDER_WAY)

    async def _catch_up(self, but: int = 0) -> None:
        while len(self._under_way) > but:
            await self.client.finish(self._under_way.pop(0))

    @contextlib.contextmanager
    def _doubted(self) -> Generator[None]:
        """After a failure the settings are looked at again."""
        try:
            yield
        except Unavailable:
            self._is_settled = False
            raise


def _unfilled() -> Unwell:
    return Unwell("The index has not been filled yet: the worker does that, or python -m atrium reindex.")


def _raw(document: Any) -> Raw:
    return dict(cast(Iterable[tuple[str, Any]], document))


def _hits(answer: Mapping[str, Any]) -> list[list[Raw]]:
    return [one["hits"] for one in answer["results"]]


def _common(parts: Sequence[Sequence[Raw]]) -> list[Raw]:
    """What is in all parts, in the order of the first."""
    others = [{one["id"] for one in part} for part in parts[1:]]
    return [one for one in parts[0] if all(one["id"] in other for other in others)]


def _best(lists: Sequence[Sequence[Raw]]) -> list[Hit]:
    """Each hit once, best first: in the order of its score and key, in which a page that ends with it goes on."""
    found = sorted((hit(one) for each in lists for one in each), key=lambda one: (one.score, one.subject))
    return list({one.subject: one for one in found}.values())[::-1]


def _portions(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[at : at + PORTION] for at in range(0, len(items), PORTION)]
