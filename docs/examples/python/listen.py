#!/usr/bin/env python3
"""Listens to the office in Python: what happens to a school that Ofsted downgraded.

    pip install nats-py
    python3 listen.py nats://localhost:4222 finance

Reads the office's events from the stream LEDGE under a name of its own (`finance`), which the server remembers: stopped
and started again, it goes on where it was.  Each event is printed as a line of JSON.  `--count N` ends it after N events.
"""

import argparse
import asyncio
import json
from urllib.parse import unquote

import nats
from nats.errors import TimeoutError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy


async def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("server", help="nats://host:4222")
    asked.add_argument("service", help="the name under which the server remembers how far this is")
    asked.add_argument("--stream", default="LEDGE", help="the office's stream")
    asked.add_argument("--subject", default="ledge.*.*.*.*", help="which events: ledge.<context>.<aggregate>.<id>.<Event>")
    asked.add_argument("--count", type=int, help="end after so many events")
    asked = asked.parse_args()

    connection = await nats.connect(
        asked.server,
        name=asked.service,
        # Replies come where nobody else may listen.
        inbox_prefix=f"_INBOX.{asked.service}".encode(),
    )
    config = ConsumerConfig(
        durable_name=asked.service,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        # One at a time: what was not acknowledged comes again before anything that comes after it.
        max_ack_pending=1,
        filter_subject=asked.subject,
    )
    jetstream = connection.jetstream()
    await jetstream.add_consumer(asked.stream, config)
    subscription = await jetstream.pull_subscribe_bind(asked.service, stream=asked.stream)

    seen, last = 0, 0
    while asked.count is None or seen < asked.count:
        try:
            [message] = await subscription.fetch(1, timeout=5)
        except TimeoutError:
            continue
        attributes = {
            name.removeprefix("ce-"): unquote(value)
            for name, value in message.headers.items()
            if name.startswith("ce-")
        }
        position = int(attributes["position"])
        # It may come again after a crash.  The position grows along the journal: keep it with what you make of the
        # event, and a repeat is known.
        if position > last:
            print(json.dumps({**attributes, "data": json.loads(message.data)}), flush=True)
            last = position
        await message.ack_sync()
        seen += 1
    await connection.drain()


asyncio.run(main())
