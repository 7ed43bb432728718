import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** The body as text, unpacked. Stops reading (and closes the connection) beyond `maxBytes` of unpacked text. */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of bodyChunks(response, maxBytes)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** The same in pieces, as they come. */
export async function* bodyChunks(
  response: IncomingMessage,
  maxBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const gzipped = response.headers["content-encoding"] === "gzip";
  const stream: Readable = gzipped ? response.pipe(createGunzip({ chunkSize: 1 << 16 })) : response;
  // A pipe does not carry the failure of its source.
  if (gzipped) response.once("error", (e) => stream.destroy(e)).once("aborted", () => stream.destroy(cutOff()));
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new BodyTooLarge();
      yield chunk;
    }
  } finally {
    if (!response.complete || size > maxBytes) response.destroy();
  }
}

function cutOff(): Error {
  return Object.assign(new Error("the connection was cut off"), { code: "ECONNRESET" });
}
