"""The files: XML and CSV with what is known, in the order of the law, the same to the byte each time."""

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from overdracht.srg.files import as_csv, xml
from overdracht.srg.model import Delivery, Record
from tests.unit.srg.given import BSNS, delivery, record

SUBSIDY = record(registration="C", type="10", wage_value="060", end="20160520", end_reason="2", description="A & B <c>")


def parsed(one: Delivery) -> ElementTree.Element:
    return ElementTree.fromstring(xml(one))  # noqa: S314 - our own


def lines(one: Delivery) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(one).decode(), newline=""), delimiter=";"))


def test_the_xml_is_this() -> None:
    assert xml(delivery()).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<SRG>\n"
        "  <Levering>\n"
        "    <Statistiekjaar>2016</Statistiekjaar>\n"
        "    <Statistiekmaand>05</Statistiekmaand>\n"
        "    <Statistiekcode>10</Statistiekcode>\n"
        "    <NaamSoftwarepakket>and</NaamSoftwarepakket>\n"
        "    <ReleaseVersienummerSoftwarepakket>0.1.0</ReleaseVersienummerSoftwarepakket>\n"
        "    <Gemeentecode>0546</Gemeentecode>\n"
        "    <Berichtgevercode>0546</Berichtgevercode>\n"
        "  </Levering>\n"
        "  <Voorziening>\n"
        "    <Persoon>\n"
        "      <Burgerservicenummer>999990342</Burgerservicenummer>\n"
        "      <Geboortedatum>19750412</Geboortedatum>\n"
        "      <Geslacht>2</Geslacht>\n"
        "      <Arbeidsvermogen>40</Arbeidsvermogen>\n"
        "      <DoelInzetVoorzieningen>1</DoelInzetVoorzieningen>\n"
        "    </Persoon>\n"
        "    <RegistratienummerVoorziening>BCDFGHJKLMNPQRS</RegistratienummerVoorziening>\n"
        "    <TypeVoorziening>42</TypeVoorziening>\n"
        "    <OmschrijvingTypeVoorziening>Taalcursus</OmschrijvingTypeVoorziening>\n"
        "    <BegindatumVoorziening>20160502</BegindatumVoorziening>\n"
        "  </Voorziening>\n"
        "</SRG>\n"
    )


def test_data_of_a_subsidy_have_their_own_group_and_signs_stay_what_they_are() -> None:
    [found] = parsed(delivery(SUBSIDY)).findall("Voorziening")
    assert found.findtext("Loonkostensubsidie/Loonwaarde") == "060"
    assert found.findtext("Loonkostensubsidie/RedenBeeindiging") == "2"
    assert found.findtext("OmschrijvingTypeVoorziening") == "A & B <c>"


def test_names_of_elements_are_the_municipalitys_to_say() -> None:
    one = delivery()
    names = one.elements["fields"] | {"bsn": "Bsn"}
    elements = {**one.elements, "root": "Bericht", "groups": {"person": "", "facility": "Inzet", "subsidy": ""}}
    found = parsed(replace(one, elements=elements | {"fields": names}))
    assert found.tag == "Bericht"
    assert found.findtext("Voorziening/Bsn") == BSNS[0]
    assert found.findtext("Voorziening/Inzet/TypeVoorziening") == "42"


def test_the_csv_has_all_nineteen_fields_for_every_facility() -> None:
    found = lines(delivery(record(), SUBSIDY))
    assert [len(one) for one in found] == [19, 19]
    assert list(found[0])[:3] == ["Statistiekjaar", "Statistiekmaand", "Statistiekcode"]
    assert found[0]["Berichtgevercode"] == found[1]["Berichtgevercode"] == "0546"
    assert found[0]["EinddatumVoorziening"] == ""
    assert (found[1]["Loonwaarde"], found[1]["OmschrijvingTypeVoorziening"]) == ("060", "A & B <c>")


def test_both_files_say_the_same() -> None:
    one = delivery(record(), SUBSIDY)
    names = [one.elements["fields"][each.key] for each in one.fields]
    header = {each.tag: each.text for each in parsed(one).findall("Levering/*")}
    told = [
        {**header, **{each.tag: each.text for each in found.iter() if each.tag in names}}
        for found in parsed(one).findall("Voorziening")
    ]
    assert told == [{name: value for name, value in line.items() if value} for line in lines(one)]


def test_an_empty_delivery_is_a_delivery_without_facilities() -> None:
    one = replace(delivery(), records=())
    found = parsed(one)
    assert found.findtext("Levering/Statistiekmaand") == "05"
    assert found.findall("Voorziening") == []
    assert as_csv(one).decode().count("\r\n") == 1
    assert lines(one) == []


def test_the_same_delivery_gives_the_same_bytes_whatever_the_order_of_its_values() -> None:
    turned = Record(dict(reversed(list(SUBSIDY.values.items()))), SUBSIDY.mark)
    assert xml(delivery(SUBSIDY)) == xml(delivery(turned))
    assert as_csv(delivery(SUBSIDY)) == as_csv(delivery(turned))


@pytest.mark.parametrize("write", [xml, as_csv])
def test_another_value_gives_other_bytes(write: object) -> None:
    assert callable(write)
    assert write(delivery(SUBSIDY)) != write(delivery(replace(SUBSIDY, values={**SUBSIDY.values, "sex": "1"})))
