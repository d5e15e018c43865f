"""What holds for the whole suite: no test reaches beyond this machine."""

from __future__ import annotations

import sys
from typing import Any

_HERE = ("127.", "::1", "localhost")


def _stay_here(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = str(arguments[1][0])
    elif event == "socket.getaddrinfo":
        host = str(arguments[0])
    else:
        return
    if not host.startswith(_HERE):
        raise PermissionError(f"a test tried to reach {host}")


sys.addaudithook(_stay_here)
