"""An intake without a database: reports by every door through the real reading, vault and rules, batch by batch."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from services.intake import store
from services.intake.app import RULES
from services.intake.commands import COMMANDS, NUMBERS, ReceiveApplication
from services.intake.files import retention
from services.intake.reporting.events import report_reader
from services.intake.reporting.items import Teller, item_of
from services.intake.reports import REPORTS, TOPIC, type_of
from services.intake.vault.applicants import applicant
from services.intake.vault.keys import keys_of
from services.intake.vault.meeting import Meeting
from services.intake.vault.opening import Vault
from shared.envelope import Event, source_urn
from shared.facts import Actor
from shared.ledger.again import kept
from shared.ledger.lines import Language
from shared.ledger.model import Answer, Case, Item, Ledger, Letter, Work
from shared.ledger.settle import settle
from shared.outside import sources_of
from tests.builders import ID_KEY
from tests.unit.shared.told import OIN

SYSTEM = "urn:nld:oin:00000001001299757000:systeem:uitkeringen"
KEYS = keys_of("ab" * 32)
VAULT = Vault(KEYS, retention(), "")
LANGUAGE = Language(COMMANDS, NUMBERS, ID_KEY)
OFFICE = Teller(Actor(role="benefit_administration", id="ua-1"), frozenset({"GM0546"}))
READ = report_reader(LANGUAGE, sources_of(f"{SYSTEM}=GM0546"))
# a ledger without a database: settling never touches it
LEDGER = Ledger(None, "intake", source_urn(OIN, "intake"), RULES)  # type: ignore[arg-type]
Told = tuple[str, dict[str, Any]]


@dataclass
class Intake:
    """Cases, inbox, vault and letters, kept from batch to batch as the database keeps them."""

    cases: dict[str, Case] = field(default_factory=dict)
    inbox: dict[tuple[str, str], tuple[str | None, Any]] = field(default_factory=dict)
    vault: dict[str, store.Known] = field(default_factory=dict)
    waiting: dict[int, tuple[Letter, int]] = field(default_factory=dict)
    dead: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    topic: list[Letter] = field(default_factory=list)

    def told(self, report: Told, by: str) -> Item:
        """A report by one of the doors; by event it stands on the topic first."""
        word, body = report
        if by != "event":
            return item_of(LANGUAGE, REPORTS[word], body, OFFICE, "")
        said = {"specversion": "1.0", "id": "x", "source": SYSTEM, "type": type_of(REPORTS[word])}
        headers = [(f"ce_{name}", one.encode()) for name, one in said.items()]
        self.topic.append(Letter(TOPIC, 0, len(self.topic), b"key", headers, orjson.dumps(body)))
        return READ(self.topic[-1])

    def handle(self, items: list[Item]) -> list[Answer]:
        """One transaction."""
        ids = {item.case_id for item in items if item.case_id}
        work = Work({one: self.cases.setdefault(one, Case(one)) for one in ids}, dict(self.inbox))
        meeting = Meeting(VAULT, work, _applicants(items))
        for known in self.vault.values():
            meeting.know(known)
        answers = settle(LEDGER, work, meeting.met(items))
        self._write(work, meeting)
        return answers

    def take_up(self) -> int:
        """Handles again what waits for a case that has changed since; how many."""
        ripe = [at for at, (letter, version) in self.waiting.items() if self._version(letter) > version]
        again = []
        for at in ripe:
            letter = self.topic[at]
            again.append(READ(Letter(TOPIC, 0, at, letter.key, letter.headers, letter.value, position=at)))
        if again:
            self.handle(again)
        return len(again)

    def _version(self, letter: Letter) -> int:
        case = self.cases.get(READ(self.topic[letter.offset]).case_id)
        return case.version if case is not None else 0

    def _write(self, work: Work, meeting: Meeting) -> None:
        for item in work.inbox:
            assert (item.source, item.id) not in self.inbox, "a key of the inbox is written once"
            self.inbox[(item.source, item.id)] = (item.request, kept(item))
        for one in meeting.added:
            state = self.cases[one.case_id].state
            known = (one.case_id, one.municipality, state, one.bsn_index, one.place, one.name_index, one.person)
            self.vault[one.case_id] = store.Known(*known)
        for item, letter in work.letters:
            assert (letter.key, letter.headers, letter.value) == (None, (), None)
            if letter.status == "dead":
                self.dead.append(letter.reason)
            else:
                self.waiting[letter.offset] = (letter, item.caseversion)
        for at, version, _ in work.tried:
            self.waiting[at] = (self.waiting[at][0], version)
        for at in work.put_back:
            del self.waiting[at]
        for at, reason in work.dead_again:
            del self.waiting[at]
            self.dead.append(reason)
        self.events += [written.event for written in work.events]

    def facts(self) -> dict[str, list[tuple[str, Any]]]:
        """Per case its facts in order: what they are and what they say, but who said it and the case's own key."""
        found: dict[str, list[tuple[str, Any]]] = {}
        for event in self.events:
            data = {name: one for name, one in orjson.loads(event.data).items() if name not in ("actor", "case_key")}
            found.setdefault(event.subject, []).append((event.fact, data))
        return found


def _applicants(items: list[Item]) -> Any:
    return {
        place: applicant(KEYS, item.said.municipality, item.body)
        for place, item in enumerate(items)
        if isinstance(item.body, ReceiveApplication)
    }
