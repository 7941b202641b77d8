from typing import Any

from django.db.backends.postgresql import base

from spinout.postgres.server import PrivateServer


class DatabaseWrapper(base.DatabaseWrapper):
    """Starts the private server with the first connection, so that commands without a database start none."""

    def get_connection_params(self) -> dict[str, Any]:
        private: dict[str, Any] = self.settings_dict["PRIVATE_SERVER"]
        server = PrivateServer(private["data"], throwaway=private["throwaway"])
        params: dict[str, Any] = super().get_connection_params()
        return params | {"host": server.use(database=private["database"])}
