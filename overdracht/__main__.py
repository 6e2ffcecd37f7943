"""The command `overdracht`: a client of the services' doors and of the log, and what runs them on one machine."""

import typer

from overdracht import (
    benefits,
    cases,
    importing,
    letters,
    log,
    measures,
    readings,
    retention,
    returns,
    running,
    srg,
    token,
)

app = typer.Typer(
    name="overdracht",
    help="Every hand-off between municipality and re-integration company: logged, argued, measurable.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (running, importing, benefits, cases, returns, measures, log, letters, retention, readings, token):
    part.register(app)
srg.register(app, srg.opened)


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
