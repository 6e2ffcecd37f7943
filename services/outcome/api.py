"""Outcome's own routes besides the doors every service has."""

from fastapi import APIRouter

from services.outcome.bodies import OutcomeCase
from services.outcome.domain.view import view
from shared.http.cases import case_routes
from shared.service import Service


def routes(service: Service) -> list[APIRouter]:
    """Cases and lists."""
    return [case_routes(service, view, OutcomeCase)]
