"""Which articles may tell the same story: looked up by the bands of their signatures, which the archive keeps.

A band that holds FULL articles takes no more: it stands for a phrase of the register, not for a story. Until a band is
full, what shares it is a candidate whatever came first; a full one counts only together with others (FULL_ONES). In a
large archive most candidates share a band by chance: what does not share its head stays one where their sketches agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from crawler.archive import bands, sketches
from crawler.dedupe.signature import Signature, bands_of, sketched_alike

FULL = 16
FULL_ONES = 3
# Of so many articles of one template the likest are compared.
MOST_CANDIDATES = 64


def enter(connection: Connection, signatures: Mapping[int, Signature]) -> dict[int, list[int]]:
    """Write what these articles are looked up by, and give the candidates of each: those that share most come first.

    None of them may be short. A pair among the new ones is given once, to the one with the higher id.
    """
    values = dict(zip(signatures, bands_of(list(signatures.values())), strict=True))
    holders = bands.held(connection, {value for own in values.values() for value in own})
    found: dict[int, dict[int, bool]] = {}
    new: list[tuple[int, int]] = []
    for article_id in sorted(values):
        own = values[article_id]
        found[article_id] = sharing(article_id, own, holders)
        for value in own:
            there = holders.get(value)
            if there is None:
                holders[value] = [article_id]
                new.append((value, article_id))
            elif len(there) < FULL and article_id not in there:
                there.append(article_id)
                new.append((value, article_id))
    bands.keep(connection, sorted(new))
    bands.file(connection, max(values), len(values))
    own_sketches = {article_id: signature.sketch for article_id, signature in signatures.items()}
    sketches.keep(connection, own_sketches)
    return alike(connection, found, own_sketches)


def look_up(connection: Connection, signature: Signature) -> list[int]:
    """The candidates of a text that is not in the archive, or not to be found in it."""
    (own,) = bands_of([signature])
    found = {0: sharing(0, own, bands.held(connection, own))}
    return alike(connection, found, {0: signature.sketch})[0]


def sharing(article_id: int, own: Sequence[int], holders: Mapping[int, list[int]]) -> dict[int, bool]:
    """The holders of an article's bands that these may tell of, most shared first; and whether they share its head."""
    shared: Counter[int] = Counter()
    telling: set[int] = set()
    for value in own:
        others = holders.get(value)
        if others:
            shared.update(others)
            if len(others) < FULL:
                telling.update(others)
    likely = [other for other, count in shared.items() if other in telling or count >= FULL_ONES]
    likely.sort()
    likely.sort(key=shared.__getitem__, reverse=True)
    heads = set(holders.get(own[0], ())) & telling
    return {other: other in heads for other in likely if other != article_id}


def alike(
    connection: Connection, found: Mapping[int, Mapping[int, bool]], own_sketches: Mapping[int, bytes]
) -> dict[int, list[int]]:
    """Of what was found for each article what shares its head or is alike by its sketch, MOST_CANDIDATES at most."""
    strangers = {other for others in found.values() for other in others} - own_sketches.keys()
    known = {**own_sketches, **sketches.kept(connection, strangers)} if strangers else own_sketches
    pairs = [(own_sketches[article_id], known[other]) for article_id, others in found.items() for other in others]
    verdicts = iter(sketched_alike(pairs))
    return {
        article_id: [other for other, by_head in others.items() if next(verdicts) or by_head][:MOST_CANDIDATES]
        for article_id, others in found.items()
    }
