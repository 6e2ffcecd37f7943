"""The mapping: what is usual, what municipalities say otherwise, and a file that is wrong says all of it at once."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.insight.srg.mapping import MappingWrong, Translations, translations
from services.insight.srg.plain import plain
from services.insight.srg.translating import Entry, JobEntry
from tests.unit.srg.given import MAPPING


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "srg.yaml"


def read(file: Path, text: str) -> Translations:
    file.write_text(text, encoding="utf-8")
    return translations(str(file))


def faults(file: Path, text: str) -> list[str]:
    with pytest.raises(MappingWrong) as wrong:
        read(file, text)
    assert str(wrong.value) == "\n".join(wrong.value.faults)
    return list(wrong.value.faults)


def test_without_a_file_of_its_own_every_municipality_has_the_usual() -> None:
    assert MAPPING.of("GM0546") is MAPPING.usual
    assert MAPPING.usual.reporter is None
    assert MAPPING.usual.package == "and"


def test_a_municipality_says_only_what_differs(own: Path) -> None:
    told = read(
        own,
        """
        municipalities:
          GM0546:
            delivery: {reporter: "0546"}
            trajectories: {care: {type: 49}}
            instruments:
              debt_help: null
              sailing: {type: 43, purpose: 2, description: Zeilen}
            jobs: {wage_cost_subsidy: {contracts: {trial: {type: 11}, agency: null}}}
        """,
    )
    here, elsewhere = told.of("GM0546"), told.of("GM0344")
    assert elsewhere == MAPPING.usual
    assert (here.reporter, here.package) == ("0546", "and")
    assert here.hand_off("care", None, known=True) == Entry("49", "2", None, "Hulpverlening")
    assert here.instrument("debt_help") is None
    assert here.instrument("sailing") == Entry("43", "2", None, "Zeilen")
    assert here.instrument("language_course") == MAPPING.usual.instrument("language_course")
    usual = Entry("10", None, "10", "Loonkostensubsidie")
    assert here.job("wage_cost_subsidy", "fixed") == usual
    assert here.job("wage_cost_subsidy", "trial") == replace(usual, type="11")
    assert here.job("wage_cost_subsidy", "agency") is None


def test_a_goal_says_more_than_the_trajectory_and_a_hand_off_nobody_told_of_is_unknown() -> None:
    usual = MAPPING.usual
    assert usual.hand_off("participation", "structured_day", known=True).type == "49"
    assert usual.hand_off("reintegration", "voluntary_work", known=True) == Entry("43", "2", None, "Vrijwilligerswerk")
    assert usual.hand_off("participation", "paid_work", known=True).purpose == "1"
    unknown = usual.hand_off("participation", "structured_day", known=False)
    assert unknown == Entry("60", "2", None, "Uitbesteed en onbekend")


def test_what_nobody_named_cannot_be_classified_and_says_what_it_was() -> None:
    usual = MAPPING.usual
    assert usual.instrument("horse_riding.outdoors") == Entry("98", None, None, "horse riding outdoors")
    assert usual.hand_off("detention", None, known=True) == Entry("98", None, None, "detention")
    assert usual.job("company_car", "fixed") == Entry("98", None, None, "company car")
    assert usual.instrument(None) == Entry("98")


def test_what_the_municipality_does_not_give_is_no_facility() -> None:
    assert [MAPPING.usual.job(one, "fixed") for one in ("no_risk_policy", "lkv", "mobility_bonus")] == [None] * 3


def test_an_instrument_given_only_under_some_contracts_is_a_facility_under_these() -> None:
    entry = JobEntry(None, {"trial": Entry("23", "1", None, "Proefplaatsing")})
    assert (entry.of("fixed"), entry.of("trial")) == (None, Entry("23", "1", None, "Proefplaatsing"))


def test_all_faults_are_told_at_once_each_with_its_place(own: Path) -> None:
    told = faults(
        own,
        """
        usual:
          delivery: {package: xyz, release: 1.0, reporter: 0546}
          begins: sent
          trajectories: {reintegration: {type: 60}, sport: {type: 40}}
          end_reason_for: [10, 13]
        municipalities:
          Leiden: {}
          GM0546: {instruments: {debt_help: {type: 41, reason: x}}}
        """,
    )
    places = [fault.split(": ")[0] for fault in told]
    assert places == [
        "srg.yaml municipalities",
        "srg.yaml municipalities.GM0546.instruments.debt_help",
        "srg.yaml municipalities.GM0546.instruments.debt_help.type",
        "srg.yaml usual.begins",
        "srg.yaml usual.delivery.package",
        "srg.yaml usual.delivery.release",
        "srg.yaml usual.delivery.reporter",
        "srg.yaml usual.end_reason_for[1]",
        "srg.yaml usual.trajectories",
        "srg.yaml usual.trajectories.reintegration.type",
    ]
    assert "41 is not one of" in told[2]


@pytest.mark.parametrize("release", ["1234567890123", "", "1.0é"])
def test_a_release_fits_its_twelve_positions(own: Path, release: str) -> None:
    assert faults(own, f"usual: {{delivery: {{release: '{release}'}}}}") != []


def test_what_is_said_twice_is_no_way_to_say_it(own: Path) -> None:
    text = "usual:\n  goals:\n    a: {purpose: 1}\n    a: {purpose: 2}\n  begins: started\n  begins: accepted\n"
    assert faults(own, text) == ["srg.yaml usual.goals.a: is said twice", "srg.yaml usual.begins: is said twice"]


def test_what_lies_over_the_usual_must_be_whole_in_the_end(own: Path) -> None:
    text = """
        municipalities:
          GM0546:
            trajectories: {care: null}
            goals: {sport: null}
            instruments: {sailing: {type: 43}}
            jobs: {lkv: {purpose: 1}}
            elements: {fields: {begin: Datum, end: Datum}, groups: {person: Loonwaarde}}
    """
    assert faults(own, text) == [
        "srg.yaml GM0546.trajectories.care: cannot be null",
        "srg.yaml GM0546.goals.sport: cannot be null",
        "srg.yaml GM0546.instruments.sailing: says no description",
        "srg.yaml GM0546.jobs.lkv: says no type",
        "srg.yaml GM0546.jobs.lkv: says no description",
        "srg.yaml GM0546.elements: Datum is the name of two",
        "srg.yaml GM0546.elements: Loonwaarde is the name of two",
    ]


@pytest.mark.parametrize("text", ["usual: [", "- a list", "\x00"])
def test_what_is_no_mapping_at_all_is_refused_by_the_name_of_its_file(own: Path, text: str) -> None:
    [fault] = faults(own, text)
    assert fault.startswith("srg.yaml")


def test_a_file_that_is_not_there_is_named_and_its_folder_is_not(own: Path) -> None:
    with pytest.raises(MappingWrong, match=r"^srg.yaml cannot be read: FileNotFoundError$"):
        translations(str(own))


@pytest.mark.parametrize("name", ["xmlData", "1Loonwaarde", "Loon waarde", "Loon<waarde", ""])
def test_an_element_has_a_name_that_an_element_can_have(own: Path, name: str) -> None:
    assert faults(own, f"usual: {{elements: {{fields: {{wage_value: '{name}'}}}}}}") != []


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("Cliëntondersteuning", "Clientondersteuning"),
        ("één dag’s proef – 10 € …", "een dag's proef - 10 EUR ..."),
        ("Straße Łódź Æsir Øst ĳs", "Strasse Lodz AEsir Ost ijs"),
        ("  twee \t regels\n ", "twee regels"),
        ("日本 x", "?? x"),
    ],
)
def test_diacritics_are_taken_off(written: str, spelled: str) -> None:
    assert plain(written) == spelled


def test_descriptions_in_the_file_may_be_spelled_as_dutch_is(own: Path) -> None:
    told = read(own, "usual: {instruments: {debt_help: {type: 59, description: Coördinatie}}}")
    assert told.usual.instrument("debt_help") == Entry("59", None, None, "Coordinatie")
