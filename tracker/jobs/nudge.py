"""A word to a worker that there is something to do. It may be lost: the rows are the queue, the sweep finds them."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError as BrokerDown

logger = logging.getLogger(__name__)

_EXPIRES = 3600
_RETRY = {"max_retries": 1, "interval_start": 0}


def tell(task: str, *arguments: int) -> bool:
    """Send the message; without a broker, say so in the log and return False."""
    try:
        current_app.send_task(task, arguments, expires=_EXPIRES, retry_policy=_RETRY)
    except (BrokerDown, OSError) as error:
        logger.warning("no broker to tell about %s%s, the sweep will find it: %s", task, arguments, error)
        return False
    return True
