#!/usr/bin/env python3
"""Listens to the office in Python: what happens to a school that Ofsted downgraded.

    pip install nats-py
    python3 listen.py nats://localhost:4222 finance

    python3 listen.py tls://nats.example:4222 finance --password-file finance.secret --authority ca.pem

Reads the office's events from the stream LEDGE under a name of its own (`finance`), which the server remembers: stopped
and started again, it goes on where it was.  Each event is printed as a line of JSON.  `--count N` ends it after N events.
"""

import argparse
import asyncio
import json
import ssl
import sys
from pathlib import Path
from urllib.parse import unquote

import nats
from nats.errors import Error, TimeoutError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy


async def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("server", help="nats://host:4222")
    asked.add_argument("service", help="the name under which the server remembers how far this is")
    asked.add_argument("--stream", default="LEDGE", help="the office's stream")
    asked.add_argument("--subject", default="ledge.*.*.*.*", help="which events: ledge.<context>.<aggregate>.<id>.<Event>")
    asked.add_argument("--password-file", type=Path, help="the password of the user who is called as the service is")
    asked.add_argument("--authority", help="certificates (PEM) of who signed the server's")
    asked.add_argument("--certificate", nargs=2, metavar=("CERT", "KEY"), help="the service's own (PEM)")
    asked.add_argument("--count", type=int, help="end after so many events")
    asked = asked.parse_args()

    proof = {}
    if asked.password_file:
        proof = {"user": asked.service, "password": asked.password_file.read_text().strip()}
    if asked.authority:
        proof["tls"] = ssl.create_default_context(cafile=asked.authority)
        if asked.certificate:
            proof["tls"].load_cert_chain(*asked.certificate)
    connection = await nats.connect(
        asked.server,
        **proof,
        name=asked.service,
        max_reconnect_attempts=-1,
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
    subscription = None
    seen, last = 0, 0
    while asked.count is None or seen < asked.count:
        try:
            if subscription is None:
                # It is there already, or it is made: also after the server lost what it had.
                await jetstream.add_consumer(asked.stream, config)
                subscription = await jetstream.pull_subscribe_bind(asked.service, stream=asked.stream)
            [message] = await subscription.fetch(1, timeout=5)
        except TimeoutError:
            continue
        except Error as error:
            print(f"asking again: {error}", file=sys.stderr)
            subscription = None
            await asyncio.sleep(1)
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
