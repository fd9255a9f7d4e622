"""Celery's way to the broker, mended where it would end the worker when the broker goes away."""

from typing import Any

from kombu.transport import redis as kombu_redis
from redis.exceptions import ConnectionError as BrokerAway


class Channel(kombu_redis.Channel):
    """A channel that is closed with its connection says so by an error that Celery expects.

    kombu (5.7.0) lets it fail with an AttributeError instead, when a message that came over the lost connection is put
    back or acknowledged; that error ends the worker.
    """

    def _connparams(self, *arguments: Any, **options: Any) -> Any:
        transport: Any = (
            self.connection
        )  # forgets its connection when that is lost, and is forgotten when closed
        if transport is None or transport.client is None:
            raise BrokerAway("The connection to the broker was lost.")
        return super()._connparams(*arguments, **options)  # type: ignore[misc]


class Transport(kombu_redis.Transport):
    """kombu's transport with that channel."""

    Channel = Channel
