// Listens to the office in JavaScript (Node.js 20 or newer).
//
//     npm install @nats-io/transport-node @nats-io/jetstream
//     node listen.mjs nats://localhost:4222 finance
//
// Reads the office's events from the stream LEDGE under a name of its own (`finance`), which the server remembers: stopped
// and started again, it goes on where it was.  Each event is printed as a line of JSON.  A third argument says which events
// (`ledge.<context>.<aggregate>.<id>.<Event>`, `*` for any), a fourth ends it after so many.

import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";

const [server, service, subject = "ledge.*.*.*.*", count = "Infinity"] = process.argv.slice(2);
if (!server || !service) {
  console.error("usage: node listen.mjs SERVER SERVICE [SUBJECT [COUNT]]");
  process.exit(2);
}
const stream = "LEDGE";
const connection = await connect({
  servers: server,
  name: service,
  // Replies come where nobody else may listen.
  inboxPrefix: `_INBOX.${service}`,
});
const manager = await jetstreamManager(connection);
await manager.consumers.add(stream, {
  durable_name: service,
  deliver_policy: DeliverPolicy.All,
  ack_policy: AckPolicy.Explicit,
  // One at a time: what was not acknowledged comes again before anything that comes after it.
  max_ack_pending: 1,
  filter_subject: subject,
});
const consumer = await jetstream(connection).consumers.get(stream, service);

let seen = 0;
let last = 0;
while (seen < Number(count)) {
  const message = await consumer.next({ expires: 5_000 });
  if (!message) continue;
  const attributes = {};
  for (const [name, [value]] of message.headers) {
    if (name.startsWith("ce-")) attributes[name.slice("ce-".length)] = decodeURIComponent(value);
  }
  const position = Number(attributes.position);
  // It may come again after a crash.  The position grows along the journal: keep it with what you make of the event, and
  // a repeat is known.
  if (position > last) {
    console.log(JSON.stringify({ ...attributes, data: message.json() }));
    last = position;
  }
  await message.ackAck();
  seen += 1;
}
await connection.drain();
