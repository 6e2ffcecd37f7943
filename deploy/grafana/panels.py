"""What the dashboard shows, row by row: first what it is about, then how it is delivered, then the doors."""

from dataclasses import dataclass

MINE = '{service=~"$service"}'
NOW = '{imported=~"$imported"}'
STRANGE = '{kind!~"rows|repeated"}'


@dataclass(frozen=True)
class Panel:
    """One panel: what to ask, what to call each answer, in which unit, and in one sentence why to look."""

    title: str
    why: str
    asks: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8


def _per(window: str, by: str, metric: str, only: str = NOW) -> str:
    return f"sum by ({by}) (increase({metric}{only}[{window}]))"


def _latest(by: str, metric: str) -> str:
    """Every process of a service says the same of its ledger: counted once."""
    return f"max by ({by}) ({metric}{MINE})"


def _wait(share: float) -> str:
    return f"histogram_quantile({share}, sum by (le) (increase(overdracht_acceptance_wait_seconds_bucket[7d])))"


def _refresh(share: float) -> str:
    return f"histogram_quantile({share}, sum by (le) (increase(overdracht_figures_refresh_seconds_bucket[1h])))"


_DOORS = 'route=~"/v1/.*", service=~"$service"'
_ERRORS = f'sum by (service) (rate(overdracht_http_requests_total{{status=~"5..", {_DOORS}}}[$__rate_interval]))'
_REQUESTS = f"sum by (service) (rate(overdracht_http_requests_total{{{_DOORS}}}[$__rate_interval]))"
_SLOW = f"sum by (route, le) (rate(overdracht_http_request_duration_seconds_bucket{{{_DOORS}}}[$__rate_interval]))"
_OTHER = 'sum(increase(overdracht_returns_total{family="other", imported=~"$imported"}[30d]))'
_RETURNS = f"sum(increase(overdracht_returns_total{NOW}[30d]))"

ROWS: dict[str, tuple[Panel, ...]] = {
    "Overdrachten": (
        Panel(
            "Overdrachten per uur", "Wie draagt over aan wie, en krijgt het antwoord?",
            ((_per("1h", "from, to, fact", "overdracht_hand_offs_total"), "{{fact}} ({{from}} → {{to}})"),), width=12,
        ),
        Panel(
            "Terugmeldingen per dag, naar soort reden", "Waarom komen mensen terug?",
            ((_per("1d", "family", "overdracht_returns_total"), "{{family}}"),), width=12,
        ),
        Panel(
            "Aandeel ‘anders’ (30 dagen)", "Een reden die niets zegt: blijft onder 5 %.",
            ((f"{_OTHER} / {_RETURNS}", "anders"),), "percentunit", "stat", 4,
        ),
        Panel(
            "Wachten op aanvaarding (7 dagen)", "Hoe lang wacht een inwoner op antwoord van de uitvoerder?",
            ((_wait(0.5), "helft binnen"), (_wait(0.9), "negen van tien binnen")), "s", width=10,
        ),
        Panel(
            "Termijnen voorbij, per dag", "Welke stap blijft uit?",
            (("sum by (service, clock) (increase(overdracht_terms_passed_total[1d]))", "{{service}} {{clock}}"),),
            width=10,
        ),
        Panel(
            "Open dossiers, naar dagen sinds opening", "Hoeveel lopen er, en hoe lang al?",
            ((_latest("service, days", "overdracht_open_cases"), "{{service}} {{days}}"),), width=12,
        ),
        Panel(
            "Dossiers te laat, naar wie aan zet is", "Op wie wordt gewacht?",
            ((_latest("service, turn", "overdracht_overdue_cases"), "{{service}} {{turn}}"),), width=12,
        ),
    ),
    "Aanvragen, diagnoses, uitkomsten": (
        Panel(
            "Aanvragen per dag", "Hoe komen mensen binnen?",
            ((_per("1d", "channel, kind", "overdracht_applications_total"), "{{channel}} {{kind}}"),), width=6,
        ),
        Panel(
            "Besluiten per dag", "Wat wordt er van een aanvraag?",
            ((_per("1d", "decision", "overdracht_decisions_total"), "{{decision}}"),), width=6,
        ),
        Panel(
            "Diagnoses en geweigerde gronden per dag", "Is er een diagnose vóór een doorverwijzing?",
            ((_per("1d", "service", "overdracht_diagnoses_completed_total"), "diagnoses afgerond"),
             (_per("1d", "ground", "overdracht_refused_grounds_total"), "geweigerd: {{ground}}")), width=6,
        ),
        Panel(
            "Uitkomsten en werk per dag", "Wat wordt er bereikt, en houdt het?",
            ((_per("1d", "perspective, sustained_months", "overdracht_outcomes_total"),
              "{{perspective}}, {{sustained_months}} maanden"),
             (_per("1d", "service", "overdracht_jobs_started_total"), "werk gestart"),
             (_per("1d", "service", "overdracht_jobs_ended_total"), "werk beëindigd")), width=6,
        ),
    ),
    "Bewaren en wissen": (
        Panel(
            "Over de bewaartermijn", "Wat had al weg moeten zijn? Geteld in de nacht.",
            ((_latest("result", "overdracht_retention_due_cases"), "{{result}}"),),
        ),
        Panel(
            "Wissen, per dag", "Wordt wat gevraagd is ook bekeken, en door een ander?",
            ((_per("1d", "result", "overdracht_erasures_total", MINE), "{{result}}"),),
        ),
    ),
    "Bezorging": (
        Panel(
            "Gereed, per onderdeel", "Is elk onderdeel van elke dienst zoals het moet zijn?",
            ((f"min by (service, part) (overdracht_ready{MINE})", "{{service}} {{part}}"),), "bool", "stat", 24,
        ),
        Panel(
            "Achterstand in tijd", "Wordt er op tijd verzonden, verwerkt en verzegeld?",
            ((_latest("service", "overdracht_oldest_unsent_age_seconds"), "{{service}} niet verzonden"),
             (_latest("service", "overdracht_consumer_lag_seconds"), "{{service}} niet verwerkt"),
             (_latest("service", "overdracht_oldest_unsealed_age_seconds"), "{{service}} niet verzegeld")), "s",
        ),
        Panel(
            "Achterstand in aantallen", "Hoeveel is er onderweg?",
            ((_latest("service", "overdracht_unsent_events"), "{{service}} te verzenden"),
             (f"sum by (service, topic) (max by (service, topic, partition) (overdracht_consumer_lag_records{MINE}))",
              "{{service}} te verwerken van {{topic}}"),
             (_latest("service", "overdracht_unsealed_events"), "{{service}} te verzegelen"),
             (_latest("service", "overdracht_unpublished_checkpoints"), "{{service}} controlepunten te verzenden")),
        ),
        Panel(
            "Verzonden en verwerkt, per seconde", "Beweegt het?",
            ((f"sum by (service, kind) (rate(overdracht_published_records_total{MINE}[$__rate_interval]))",
              "{{service}} verzonden: {{kind}}"),
             (f"sum by (service, result) (rate(overdracht_handled_records_total{MINE}[$__rate_interval]))",
              "{{service}} verwerkt: {{result}}")), "ops",
        ),
        Panel(
            "Wachtende berichten", "Wacht er iets op een eerder bericht, en hoe lang al?",
            ((_latest("service, reason", "overdracht_waiting_events"), "{{service}} {{reason}}"),
             (_latest("service", "overdracht_oldest_waiting_age_seconds"), "{{service}} langst (s)")),
        ),
        Panel(
            "Niet te verwerken", "Wat vraagt om een mens, en wiens geschiedenis staat stil?",
            ((_latest("service, reason", "overdracht_dead_letters"), "{{service}} {{reason}}"),
             (_latest("service", "overdracht_parked_cases"), "{{service}} dossiers geparkeerd")),
        ),
        Panel(
            "Wie verzendt", "Per dienst precies één proces; wisselt het vaak, dan is er iets.",
            ((f"sum by (service) (overdracht_leading{MINE})", "{{service}}"),
             (f"sum by (service) (increase(overdracht_lead_lost_total{MINE}[1h]))", "{{service}} verloren (per uur)")),
        ),
    ),
    "Inzicht": (
        Panel(
            "Terug binnen een kwartaal", "Per begin van de maand; wie te weinig mensen heeft, staat er niet.",
            (("max by (provider) (overdracht_returned_within_quarter_ratio)", "{{provider}}"),), "percentunit", width=6,
        ),
        Panel(
            "Waar dat op rust", "Eerste doorverwijzingen, in stappen van tien: een aandeel zonder aantal zegt niets.",
            (("max by (provider) (overdracht_returned_within_quarter_referrals)", "{{provider}}"),), width=6,
        ),
        Panel(
            "Aandeel ‘anders’, per begin van de maand", "Hetzelfde als hierboven, over alles: blijft onder 5 %.",
            (("max(overdracht_other_reason_ratio)", "anders"),), "percentunit", "stat", 4,
        ),
        Panel(
            "Nog niet in de kopie", "Houdt de kopie voor analisten het log bij?",
            (("sum by (topic) (max by (topic, partition) (overdracht_lake_lag_records))", "{{topic}}"),),
        ),
        Panel(
            "Cijfers achter", "Hoe lang is er al iets dat de cijfers niet tonen?",
            (("max(overdracht_figures_behind_seconds)", "achter"),), "s",
        ),
        Panel(
            "Cijfers vernieuwen", "Hoe lang duurt het rijen en cijfers opnieuw te maken?",
            ((_refresh(0.5), "helft binnen"), (_refresh(0.95), "95 van de 100 binnen")), "s",
        ),
        Panel(
            "Ruw bewaard of geweigerd, per uur", "Kwam er iets binnen dat hier niemand kent?",
            ((f"sum by (kind) (increase(overdracht_lake_records_total{STRANGE}[1h]))", "{{kind}}"),),
        ),
    ),
    "Deuren en processen": (
        Panel(
            "Verzoeken per seconde", "Wie vraagt wat, en wat is het antwoord?",
            ((f"sum by (service, status) (rate(overdracht_http_requests_total{{{_DOORS}}}[$__rate_interval]))",
              "{{service}} {{status}}"),), "reqps",
        ),
        Panel("Mislukt, als deel", "Fouten van ons, en een database die weg is.",
              ((f"{_ERRORS} / {_REQUESTS}", "{{service}}"),), "percentunit"),
        Panel("Duur, 95 van de 100 binnen", "Welke deur is traag?",
              ((f"histogram_quantile(0.95, {_SLOW})", "{{route}}"),), "s"),
        Panel("Antwoordt", "Is elk proces er?", (('up{job="overdracht"}', "{{instance}}"),), "bool", "stat"),
        Panel("Geheugen", "Groeit het?", (('process_resident_memory_bytes{job="overdracht"}', "{{instance}}"),),
              "bytes"),
        Panel("Rekentijd", "Een heel getal is een hele processorkern.",
              (('rate(process_cpu_seconds_total{job="overdracht"}[$__rate_interval])', "{{instance}}"),)),
    ),
}  # fmt: skip
"""Row -> its panels, from left to right; 24 wide."""
