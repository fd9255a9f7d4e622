"""A mail server that takes every mail and keeps none: `python -m bench.smtp_sink PORT`, until it is terminated."""

import asyncio
import sys

GREETING = b"220 sink ready\r\n"
EXTENSIONS = b"250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 20000000\r\n"


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Talk to one client until it leaves (RFC 5321)."""
    writer.write(GREETING)
    try:
        while line := await reader.readline():
            word = line.split(b" ", 1)[0].strip().upper()
            if word == b"EHLO":
                writer.write(EXTENSIONS)
            elif word == b"DATA":
                writer.write(b"354 go on\r\n")
                await writer.drain()
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 taken\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
            await writer.drain()
    finally:
        writer.close()


async def serve(port: int) -> None:
    """Listen until the process is terminated."""
    server = await asyncio.start_server(take, "127.0.0.1", port, limit=20_000_000)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
