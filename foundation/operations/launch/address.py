"""Where the web server listens, and what to say when it can not."""

import errno
import socket
from dataclasses import dataclass

# Listening on these means listening on all addresses of the machine.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not listened on


@dataclass(frozen=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    @property
    def bind(self) -> str:
        """As gunicorn wants it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def reachable(self) -> str:
        """A host at which this machine reaches it."""
        return EVERYWHERE.get(self.host, self.host)

    @property
    def url(self) -> str:
        """As a person opens it in a browser."""
        host = socket.gethostname() if self.host in EVERYWHERE else self.host
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"

    def problem(self) -> str:
        """Return why nothing can listen here, in words; an empty text when something can."""
        try:
            family, kind, protocol, _name, address = socket.getaddrinfo(
                self.host, self.port, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                probe.listen()
        except socket.gaierror:
            return (
                f"there is no address “{self.host}” on this machine; leave --host out, or name one that is."
            )
        except PermissionError:
            return f"port {self.port} is not for this user. Choose one above 1023, such as: --port 8000"
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"port {self.port} is taken by another program. Choose another, such as: --port {self.port + 1}"
            return f"nothing can listen on {self.host}, port {self.port}: {error.strerror}."
        return ""
