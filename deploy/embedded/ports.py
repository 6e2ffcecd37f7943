"""TCP ports on this machine: free, taken, or answering."""

import random
import socket


def free(port: int) -> bool:
    """Nothing listens there, so we may."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
            tried.listen()
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Something listens there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def free_block(size: int) -> range:
    """Ports in a row, all free, below those the system hands out for outgoing connections."""
    for _ in range(200):
        first = random.randrange(20_000, 32_000, 20)  # noqa: S311 - any will do
        block = range(first, first + size)
        if all(free(port) for port in block):
            return block
    raise OSError("no free ports")
