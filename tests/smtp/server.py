"""A real mail server for tests: STARTTLS, a password, and a mailbox that is a folder.

    server.py MAILBOX CERTIFICATE KEY

It prints the port it listens on, and then serves until its standard input ends.  A message is in the mailbox before it is
acknowledged.  What happens to a message is said by the beginning of the recipient's address:

    busy     it is not taken for the moment (451)
    gone     it will never be taken (550)
    dropped  it is kept, and the connection is closed without a word
    slow     it is kept, and no answer comes while anybody waits
    full     it is not taken for the moment, after it was read (452)
"""

import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, PASSWORD = b"office", b"open sesame"


class Mailbox:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        # Goes on counting where an earlier server in the same folder stopped.
        for path in folder.glob("*.eml"):
            self.count = max(self.count, int(path.stem))

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("busy"):
            return "451 4.3.2 try again later"
        if address.startswith("gone"):
            return f"550 5.1.1 <{address}>: there is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        if address.startswith("full"):
            return "452 4.2.2 the mailbox is full"
        self.count += 1
        path = self.folder / f"{self.count}.eml"
        part = path.with_suffix(".part")
        part.write_bytes(envelope.original_content)
        part.rename(path)
        if address.startswith("dropped"):
            server.transport.abort()
        if address.startswith("slow"):
            await asyncio.sleep(60)
        return f"250 2.0.0 kept for {address} as {self.count}"


def knows(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER, PASSWORD)
    return AuthResult(success=known, handled=False)


async def main():
    mailbox, certificate, key = sys.argv[1:]
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    box = Mailbox(pathlib.Path(mailbox))
    loop = asyncio.get_running_loop()

    def conversation():
        return SMTP(
            box,
            hostname="localhost",
            tls_context=tls,
            require_starttls=True,
            auth_required=True,
            authenticator=knows,
            loop=loop,
        )

    server = await loop.create_server(conversation, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    # The same under an address that is not in the certificate.
    await loop.create_server(conversation, "127.0.0.2", port)
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
