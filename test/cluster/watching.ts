import { readFile } from "node:fs/promises";
import https from "node:https";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Item } from "./api.ts";
import type { ControlPlane } from "./controlPlane.ts";
import { serverCertificate, tokens } from "./credentials.ts";

export interface Watching {
  /** What has arrived so far. */
  readonly events: readonly WatchEvent[];
  /** Resolves when the server or the network ends the watch. */
  readonly ended: Promise<void>;
}

export interface WatchEvent {
  readonly type: string;
  /** A Status for type ERROR, which has a code. */
  readonly object: Item & { readonly code?: number };
}

/** Opens a plain watch, without anything that a client would do about interruptions. `url` has a query already. */
export async function watch(cluster: ControlPlane, url: string): Promise<Watching> {
  const ca = await readFile(path.join(cluster.folder, serverCertificate));
  const events: WatchEvent[] = [];
  const ended = new Promise<void>((resolve) => {
    const end = () => resolve();
    const headers = { authorization: `Bearer ${tokens.driver}` };
    https
      .get(`${cluster.server}${url}&watch=true`, { headers, ca }, (response) => {
        const lines = createInterface(response);
        lines.on("line", (line) => events.push(JSON.parse(line) as WatchEvent));
        lines.once("error", end).once("close", end);
      })
      .once("error", end);
  });
  return { events, ended };
}
