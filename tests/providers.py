"""An OpenID Connect provider on this machine (oidc-provider-mock): people sign in to it by saying who they are."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests


@contextmanager
def running() -> Iterator[str]:
    """Its address, while it runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "True"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(address)
            yield address
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=5).raise_for_status()
        except requests.ConnectionError:
            assert time.monotonic() < deadline, "The provider does not answer"
            time.sleep(0.1)
        else:
            return


def entry(server: str) -> dict[str, Any]:
    """The provider as OIDC_PROVIDERS names it."""
    return {
        "id": "exampleshire",
        "name": "Exampleshire County Council",
        "server": server,
        "client_id": "spinout",
        "secret": "a secret of theirs",
        "domains": ["exampleshire.gov.uk"],
    }


def tell(server: str, sub: str, **claims: Any) -> None:
    """What the provider says of a person; None stands for nothing."""
    given = {key: value for key, value in claims.items() if value is not None}
    requests.put(f"{server}/users/{sub}", json=given, timeout=5).raise_for_status()
