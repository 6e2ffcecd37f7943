"""Codes of the intake: the small lists, the dated rule of the search period, the municipalities."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Side = Literal["municipality", "citizen"]
Kind = Literal["new_applicant", "existing_recipient"]
Channel = Literal["walk_in", "appointment", "online", "transferred"]
Decision = Literal["granted", "denied", "not_taken_up"]
EndReason = Literal["work", "education", "moved", "relationship", "pension", "enforcement", "deceased", "other"]
AgeBand = Literal["18-26", "27-34", "35-44", "45-54", "55-66", "67+"]
Education = Literal["low", "middle", "high"]
LanguageLevel = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
Household = Literal["single", "single_parent", "couple", "other"]
MonthsBand = Literal["0-3", "4-12", "13-36", "37+"]

ErasureReason = Literal[
    "no_longer_needed", "consent_withdrawn", "objection", "unlawful", "legal_duty", "retention_passed", "court_order",
    "authority_order",
]  # fmt: skip

Activity = Literal[
    "application", "search", "person", "texts", "pseudonym", "own_file", "statistics", "erasure"
]  # fmt: skip
"""What is done with personal data; each leaves a line in the log of readings, and is in register.yaml."""
Recipient = Literal["municipality", "provider", "citizen", "statistics_netherlands"]
"""Who gets to know something by it (AVG 30(1)(d))."""

BANDS: tuple[tuple[int, AgeBand], ...] = (
    (67, "67+"), (55, "55-66"), (45, "45-54"), (35, "35-44"), (27, "27-34"), (18, "18-26"),
)  # fmt: skip
"""The age a band begins at, in years, oldest first."""


def band_of(birth: date, day: date) -> AgeBand | None:
    """The age band on that day of someone born on `birth`; none for who is under 18."""
    age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    return next((band for years, band in BANDS if age >= years), None)


@dataclass(frozen=True)
class SearchRule:
    """Who searches for work first, for how long, and what says so; in force from a day until before another."""

    from_on: date
    before_on: date | None
    kinds: frozenset[str]
    age_bands: frozenset[str]
    days: int
    legal_source: str


SEARCH_RULES: tuple[SearchRule, ...] = (
    SearchRule(date(2012, 1, 1), date(2015, 1, 1), frozenset({"new_applicant"}), frozenset({"18-26"}), 28, "WWB:41:4"),
    SearchRule(date(2015, 1, 1), None, frozenset({"new_applicant"}), frozenset({"18-26"}), 28, "Participatiewet:41:4"),
)
"""Who is under 27 on the day of application searches for four weeks first. A change of law is a line here."""


def search_rule(kind: str, age_band: str | None, day: date) -> SearchRule | None:
    """The rule that holds for this application on that day, if any."""
    for rule in SEARCH_RULES:
        in_force = rule.from_on <= day and (rule.before_on is None or day < rule.before_on)
        if in_force and kind in rule.kinds and age_band in rule.age_bands:
            return rule
    return None


@dataclass(frozen=True)
class ErasureGround:
    """Why a case may be erased: what says so, whether a running case may be, and what it is called."""

    legal_source: str
    while_running: bool
    nl: str
    en: str


ERASURE_REASONS: dict[ErasureReason, ErasureGround] = {
    "no_longer_needed": ErasureGround("AVG:17:1:a", False, "niet meer nodig", "no longer needed"),
    "consent_withdrawn": ErasureGround("AVG:17:1:b", False, "toestemming ingetrokken", "consent withdrawn"),
    "objection": ErasureGround("AVG:17:1:c", False, "bezwaar van de inwoner", "the citizen objects"),
    "unlawful": ErasureGround("AVG:17:1:d", True, "onrechtmatig verwerkt", "processed unlawfully"),
    "legal_duty": ErasureGround("AVG:17:1:e", False, "wettelijke plicht om te wissen", "a law asks to erase"),
    "retention_passed": ErasureGround("Archiefwet1995:3", False, "bewaartermijn voorbij", "retention has passed"),
    "court_order": ErasureGround("UAVG:35", True, "bevel van de rechter", "ordered by a court"),
    "authority_order": ErasureGround("AVG:58:2:g", True, "bevel van de toezichthouder", "ordered by the authority"),
}
"""A running case is needed to pay a benefit (AVG 17:3:b): it is erased only when it should not have been there, or by
order."""

DECISION_DAYS = 56
"""Awb 4:13: eight weeks after the application; the General Extension of Terms Act moves the end to a working day."""

_IN_FORCE = """
0014 0034 0037 0047 0050 0059 0060 0072 0074 0080 0085 0086 0088 0090 0093 0096 0098 0106 0109 0114
0118 0119 0141 0147 0148 0150 0153 0158 0160 0163 0164 0166 0168 0171 0173 0175 0177 0180 0183 0184
0189 0193 0197 0200 0202 0203 0209 0213 0214 0216 0221 0222 0225 0226 0228 0230 0232 0233 0243 0244
0246 0252 0262 0263 0267 0268 0269 0273 0274 0275 0277 0279 0281 0285 0289 0293 0294 0296 0297 0299
0301 0302 0303 0307 0308 0310 0312 0313 0317 0321 0327 0331 0335 0339 0340 0342 0344 0345 0351 0352
0353 0355 0356 0358 0361 0362 0363 0373 0375 0376 0377 0383 0384 0385 0388 0392 0394 0396 0397 0399
0400 0402 0405 0406 0415 0417 0420 0431 0432 0437 0439 0441 0448 0450 0451 0453 0473 0479 0482 0484
0489 0498 0502 0503 0505 0512 0513 0518 0523 0531 0532 0534 0537 0542 0546 0547 0553 0556 0569 0575
0579 0589 0590 0597 0599 0603 0606 0610 0613 0622 0626 0627 0629 0632 0637 0638 0642 0654 0664 0668
0677 0678 0687 0703 0715 0716 0717 0718 0736 0737 0743 0744 0748 0753 0755 0757 0758 0762 0765 0766
0770 0772 0777 0779 0784 0785 0794 0796 0797 0798 0809 0820 0823 0824 0826 0828 0840 0845 0847 0848
0851 0852 0855 0858 0861 0865 0866 0867 0873 0879 0880 0882 0888 0889 0893 0899 0907 0917 0928 0935
0938 0944 0946 0957 0965 0971 0981 0983 0984 0986 0988 0994 0995 1507 1509 1525 1581 1586 1598 1621
1640 1641 1652 1655 1658 1659 1667 1669 1674 1676 1680 1681 1690 1695 1696 1699 1700 1701 1705 1706
1708 1709 1711 1714 1719 1721 1723 1724 1728 1729 1730 1731 1734 1735 1740 1742 1771 1773 1774 1783
1842 1859 1876 1883 1884 1891 1892 1894 1895 1896 1900 1901 1903 1904 1911 1916 1924 1926 1930 1931
1940 1942 1945 1948 1949 1950 1952 1954 1955 1959 1960 1961 1963 1966 1969 1970 1978 1979 1980 1982
1991 1992
"""
"""CBS codes in force on 1 January 2025, 342 of them. A new municipality is a code here, an ended one moves below."""

_ENDED: dict[date, str] = {
    date(2017, 1, 1): "0844 0846 0860",
    date(2018, 1, 1): "0007 0018 0040 0048 0063 0070 0081 0140 0196 1908 1987",
    date(2019, 1, 1): """0005 0009 0015 0017 0022 0025 0053 0056 0058 0079 0236 0304 0393 0545 0576 0584 0585 0588
        0611 0617 0620 0689 0707 0733 0738 0870 0874 0881 0951 0962 1651 1663 1722 1927""",
    date(2021, 1, 1): "0003 0010 0024 0788",
    date(2022, 1, 1): "0370 0398 0416 0756 0786 0815 0856 1684 1685 1702",
    date(2022, 3, 24): "0457",
    date(2023, 1, 1): "0501 0530 0614",
}
"""Codes of 2016 that are no more, by the day they ended. With those in force before 2017 they are the 390 of 2016."""

MUNICIPALITIES: dict[str, date | None] = {
    **{f"GM{code}": None for code in _IN_FORCE.split()},
    **{f"GM{code}": day for day, codes in _ENDED.items() for code in codes.split()},
}
"""CBS code -> the day it ended, or none while it is in force. History may name an ended one; an application received
on or after that day may not. A later code may name days before it began: a merged municipality renumbers its files."""
