"""JSON logs on standard output: what happened and where, never what was said."""

import logging
import sys

import structlog


def configure(service: str, level: str) -> None:
    """Every log line, also of libraries, as one JSON object."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_exception_text,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("aiokafka", "faststream", "httpx", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service)


def _without_exception_text(_: object, __: str, line: structlog.types.EventDict) -> structlog.types.EventDict:
    """An exception's text may repeat its input (a person number, a narrative): only its kind and place are kept."""
    trouble = line.pop("exc_info", None)
    if trouble is True:
        trouble = sys.exception()
    elif isinstance(trouble, tuple):
        trouble = trouble[1]
    if isinstance(trouble, BaseException):
        trace = trouble.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        line["error"] = type(trouble).__name__
        if trace is not None:
            code = trace.tb_frame.f_code
            line["at"] = f"{'/'.join(code.co_filename.rsplit('/', 2)[-2:])}:{trace.tb_lineno} {code.co_name}"
    line.pop("stack", None)
    return line


def get(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
