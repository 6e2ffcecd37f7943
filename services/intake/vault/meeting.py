"""The vault meets the applicants of a batch: who is known, from which cases, and what the rules may know of that.

Items are met one by one, each when its turn comes, so that two applications of one person in a batch see each other
and a case that ends in this batch is over for the next application in it. The items themselves stay as they are: the
same ones come again when another transaction was first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import records, store
from services.intake.codes import band_of
from services.intake.commands import (
    Application,
    JoinCases,
    KnownApplication,
    KnownErasure,
    KnownJoin,
    ReceiveApplication,
    RequestErasure,
)
from services.intake.domain.people import Ties, ties
from services.intake.domain.state import State
from services.intake.logbook import Line
from services.intake.vault.applicants import Applicant, applicant
from services.intake.vault.keys import Keys, key_of, person_of
from services.intake.vault.leaving import line_of
from services.intake.vault.opening import Vault
from shared.ledger.model import Item, Work
from shared.sealing import Unreadable, new_key
from shared.worktime import local_day

_SAID = tuple(Application.model_fields)


@dataclass(slots=True)
class Meeting:
    """The people of a batch as the vault knows them, and what the batch adds."""

    vault: Vault
    work: Work
    applicants: dict[int, Applicant]
    cases: dict[str, store.Known] = field(default_factory=dict)
    by_number: dict[bytes, list[str]] = field(default_factory=dict)
    by_name: dict[bytes, list[str]] = field(default_factory=dict)
    terms: dict[str, records.Term] = field(default_factory=dict)
    added: list[store.Added] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    """What the log of readings gets: a line for each citizen who became known."""

    @property
    def keys(self) -> Keys:
        """The vault's keys."""
        return self.vault.keys

    def met(self, items: Iterable[Item]) -> Iterator[Item]:
        """Each item as the rules may see it, made when its turn comes: what the one before it led to counts."""
        for place, item in enumerate(items):
            who = self.applicants.get(place)
            if who is not None and item.content is not None and (item.source, item.id) in self.work.known:
                yield replace(item, differs=self._differing(item.case_id, who))
            elif who is not None:
                yield from self._application(item, who)
            elif isinstance(item.body, JoinCases):
                yield replace(item, body=self._join(item, item.body))
            elif isinstance(item.body, RequestErasure):
                yield replace(item, body=self._erasure(item, item.body))
            else:
                yield item

    def _application(self, item: Item, who: Applicant) -> Iterator[Item]:
        case = self.work.cases[item.case_id]
        if case.state is not None:
            yield replace(item, body=_known(item.body, who, person_differs=self._differs(item.case_id, who)))
            return
        private, public = new_key()
        yield replace(item, body=self._new(item, who, public))
        if case.state is not None:
            self._add(item, who, private)

    def _new(self, item: Item, who: Applicant, public: str) -> KnownApplication:
        same = self._states(self.by_number, who.bsn_index, item.case_id)
        alike = self._states(self.by_name, who.name_index, item.case_id, newest=store.ALIKE)
        alike = {one: state for one, state in alike.items() if one not in same and not self._another(one, who)}
        tied = ties(same, alike, item.body.kind, item.said) if same or alike else Ties()
        return _known(
            item.body,
            who,
            case_key=public,
            open_case_id=tied.open_case_id,
            earlier_case_id=tied.earlier_case_id,
            possible_duplicates=tied.possible_duplicates,
        )

    def _states(self, index: dict[bytes, list[str]], key: bytes | None, but: str, newest: int = 0) -> dict[str, State]:
        """The states of the cases under this key, as they are now; all of them, or the newest."""
        ids = index.get(key, [])[-newest:] if key is not None else []
        states = {one: self._state(one) for one in ids if one != but}
        return {one: state for one, state in states.items() if state is not None}

    def _state(self, case_id: str) -> State | None:
        case = self.work.cases.get(case_id)
        if case is not None:
            state: State | None = case.state
            return state
        return self.cases[case_id].state if case_id in self.cases else None

    def _another(self, case_id: str, who: Applicant) -> bool:
        """Whether that case is of somebody else for certain: both numbers are known, and differ."""
        other = self.cases[case_id].bsn_index
        return other is not None and who.bsn_index is not None and other != who.bsn_index

    def _differs(self, case_id: str, who: Applicant) -> bool:
        """Whether the vault holds anything else of the citizen of this case."""
        return self._held(self.cases[case_id]) != who.content

    def _differing(self, case_id: str, who: Applicant) -> tuple[str, ...]:
        """What an application, told again under its number, says otherwise of its citizen than the vault holds."""
        known = self.cases.get(case_id)
        if known is None:  # the number stands for another case: that differs, and says enough
            return ()
        held = self._held(known) or {}
        names = {name for name in held.keys() | who.content.keys() if held.get(name) != who.content.get(name)}
        return tuple(sorted(name if name == "bsn" else f"person.{name}" for name in names))

    def _held(self, known: store.Known) -> dict[str, Any] | None:
        """What identifies the citizen of a case; None when it is sealed with a key that is not here."""
        if known.sealed is None:
            return {}
        try:
            held = self.keys.open(known.sealed, person_of(known.municipality, known.case_id))
        except Unreadable:
            return None
        found: dict[str, Any] = orjson.loads(held)
        return found

    def _join(self, item: Item, command: JoinCases) -> KnownJoin:
        one, other = self.cases.get(item.case_id), self.cases.get(command.earlier_case_id)
        ours, theirs = self._state(item.case_id), self._state(command.earlier_case_id)
        if one is None or other is None or ours is None or theirs is None or one is other:
            return KnownJoin(earlier_case_id=command.earlier_case_id, earlier_known=False)
        return KnownJoin(
            earlier_case_id=command.earlier_case_id,
            earlier_known=one.municipality == other.municipality and theirs.keeping != "erased",
            earlier_began_later=theirs.opened_at > ours.opened_at,
            persons_differ=None not in (one.bsn_index, other.bsn_index) and one.bsn_index != other.bsn_index,
        )

    def _erasure(self, item: Item, command: RequestErasure) -> KnownErasure:
        """The request, with the last day to approve it and whether the case must still be kept."""
        term = self.terms.get(item.case_id, records.RUNNING)
        passed = command.reason == "retention_passed"
        return KnownErasure(
            **command.model_dump(),
            until_on=local_day(item.said.now) + timedelta(days=self.vault.retention.approval_days),
            kept_by="" if term.due else term.result or "running",
            legal_source=(term.legal_source or "") if passed else "",
        )

    def know(self, known: store.Known) -> None:
        """Adds a case that is there."""
        if known.case_id in self.cases:
            return
        self.cases[known.case_id] = known
        for index, key in ((self.by_number, known.bsn_index), (self.by_name, known.name_index)):
            if key is not None:
                index.setdefault(key, []).append(known.case_id)

    def _add(self, item: Item, who: Applicant, private: bytes) -> None:
        """The case was opened: its key and its citizen go into the vault, and the rest of the batch knows them."""
        case_id, municipality = item.case_id, item.said.municipality
        before = [self.cases[one].place or 0 for one in self.by_number.get(who.bsn_index or b"", ())]
        place = None if who.bsn_index is None else max(before, default=0) + 1
        raw = who.raw
        person = None if raw is None else self.keys.seal(raw, person_of(municipality, case_id))
        key = self.keys.seal(private, key_of(municipality, case_id))
        self.added.append(store.Added(case_id, municipality, key, person, who.bsn_index, place, who.name_index))
        if person is not None:
            self.lines.append(line_of(self.keys, item, "application", municipality, who.bsn_index, case_id))
        state = self.work.cases[case_id].state
        self.know(store.Known(case_id, municipality, state, who.bsn_index, place, who.name_index, person))


def _known(command: ReceiveApplication, who: Applicant, **more: Any) -> KnownApplication:
    """The application without whom it is about."""
    said = {name: getattr(command, name) for name in _SAID}
    band = None if who.birth_date is None else band_of(who.birth_date, command.received_on) or "0-17"
    return KnownApplication.model_construct(**said, bsn_sound=who.sound, age_on_the_day=band, **more)


async def meet(tx: AsyncConnection, vault: Vault, work: Work, items: Sequence[Item]) -> Meeting:
    """Looks up in one statement who of the people of these items is known.

    What was handled before is not met again, save under a source's own number: it may say something else by now.
    """
    known_before = [(item.source, item.id) in work.known for item in items]
    fresh = [(place, item) for place, item in enumerate(items) if item.content is not None or not known_before[place]]
    applicants = {
        place: applicant(vault.keys, item.said.municipality, item.body)
        for place, item in fresh
        if isinstance(item.body, ReceiveApplication)
    }
    meeting = Meeting(vault, work, applicants)
    numbers = {who.bsn_index for who in applicants.values() if who.bsn_index is not None}
    names = {who.name_index for who in applicants.values() if who.name_index is not None}
    ids = {items[place].case_id for place in applicants if work.cases[items[place].case_id].state is not None}
    for _, item in fresh:
        if isinstance(item.body, JoinCases):
            ids |= {item.case_id, item.body.earlier_case_id}
    if numbers or names or ids:
        for known in await store.known(tx, sorted(numbers), sorted(names), sorted(ids)):
            meeting.know(known)
    asked = [item.case_id for _, item in fresh if isinstance(item.body, RequestErasure)]
    if asked:
        today = local_day(datetime.now(UTC))
        meeting.terms = await records.terms_of(tx, vault.retention, today, asked)
    return meeting
