"""What cannot be handled (yet) is put aside as a letter: it waits, or is dead with its reason; handled, it is done.

A command from a system outside is put aside by its place only (topic, partition, offset) and its reason. What it holds
may be anybody's number or name, and stays where that system put it: it is read again from there.
"""

from shared.ledger.model import Answer, Item, Letter, Work


def keep_waiting(work: Work, item: Item) -> None:
    """New to the waiting room: written. Already there: stays. Put back and not yet possible: waits like the others."""
    letter = _letter(item)
    if letter.position is None:
        letter.status = "waiting"
        work.letters.append((item, letter))
    elif letter.status == "dead":
        work.dead_again.append((letter.position, letter.reason))


def dead(work: Work, item: Item, reason: str, parks: bool) -> Answer:
    """A letter for a person to look at; it `parks` its case when later ones may not go before it."""
    letter = _letter(item)
    letter.reason, letter.parks = reason, parks
    if letter.position is None:
        letter.status = "dead"
        work.letters.append((item, letter))
    else:
        work.dead_again.append((letter.position, reason))
    return Answer("dead", item.case_id, reason)


def done(work: Work, item: Item, answer: Answer) -> Answer:
    """A letter that was handled is done with."""
    if item.letter is not None and item.letter.position is not None:
        work.put_back.append(item.letter.position)
    return answer


def of_command(work: Work, item: Item, answer: Answer) -> Answer:
    """A command that came on a topic has nobody who hears a refusal: refused for now it waits, for good it is dead."""
    if answer.status != "rejected":
        return done(work, item, answer)
    if answer.early:
        return _early(work, item, answer.code)
    reason = f"{answer.code}:{','.join(answer.differs)}" if answer.differs else answer.code
    return dead(work, item, reason, parks=False)


def _early(work: Work, item: Item, reason: str) -> Answer:
    """It waits until its case has changed; `caseversion` says how far the case was when this was tried."""
    letter = _letter(item)
    letter.reason, letter.parks = reason, False
    item.caseversion = work.cases[item.case_id].version
    if letter.position is None or letter.status == "dead":
        keep_waiting(work, item)
    else:
        work.tried.append((letter.position, item.caseversion, reason))
    return Answer("waiting", item.case_id, reason)


def _letter(item: Item) -> Letter:
    assert item.letter is not None  # noqa: S101 - what comes from a topic is made with its letter
    return item.letter
