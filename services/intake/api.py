"""Intake's own routes besides the doors every service has: people, their own file, what is kept and who read it."""

from fastapi import APIRouter

from services.intake.bodies import IntakeCase
from services.intake.domain.view import view
from services.intake.doors.keeping import keeping_routes
from services.intake.doors.own_file import own_file_routes
from services.intake.doors.people import people_routes
from services.intake.reporting.doors import report_routes
from services.intake.reporting.many import many_routes
from shared.http.cases import case_routes
from shared.service import Service


def routes(service: Service) -> list[APIRouter]:
    """Cases and lists, the search, the doors of the vault, retention and the log of readings."""
    return [
        case_routes(service, view, IntakeCase),
        people_routes(service),
        own_file_routes(service),
        keeping_routes(service),
        report_routes(service),
        many_routes(service),
    ]
