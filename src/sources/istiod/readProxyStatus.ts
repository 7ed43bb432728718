import { get } from "node:http";
import { isAbort, MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { ClusterSource, Clock, ProxyStatus, ReadProxyStatus } from "../../mesh/ports.ts";
import { withTimeLimit } from "../../mesh/timeLimit.ts";
import { readSyncz } from "./syncz.ts";

type Pod = Parameters<ReadProxyStatus>[1][number];

/** istiod's monitoring port, which answers debug requests of its own host without asking who it is. */
const port = 15_014;
const limitMillis = 5_000;
/** Some 1 KB a proxy: an istiod of 50,000 proxies. */
const largestAnswer = 64 * 1024 * 1024;

/** Asks each istiod, since each serves some of the proxies. Throws only where none of them answers. */
export function createReadProxyStatus(clock: Clock): ReadProxyStatus {
  return async (cluster, istiodPods, signal) => {
    const asked = await Promise.allSettled(istiodPods.map((pod) => askOne({ cluster, pod, clock }, signal)));
    signal.throwIfAborted();
    const answers = asked.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const failed = asked.find((result) => result.status === "rejected");
    if (answers.length === 0 && failed) throw failed.reason;
    return answers.flat();
  };
}

function askOne(
  { cluster, pod, clock }: { readonly cluster: ClusterSource; readonly pod: Pod; readonly clock: Clock },
  signal: AbortSignal,
): Promise<readonly ProxyStatus[]> {
  const late = () =>
    new MeshError("timeout", say("{0} did not answer within {1} seconds.", pod.name, limitMillis / 1000));
  return withTimeLimit({ clock, milliseconds: limitMillis, late }, signal, async (limited) => {
    const forward = await cluster.forward({ namespace: pod.namespace, pod: pod.name, port }, limited);
    try {
      const proxies = readSyncz(parsed(await answerOf(forward.localPort, pod, limited)), pod.name);
      if (proxies) return proxies;
      throw new MeshError("bad-data", say("{0} sent no list of proxies.", pod.name));
    } finally {
      forward.dispose();
    }
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answerOf(localPort: number, pod: Pod, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (e: Error) => {
      if (MeshError.is(e) || isAbort(e)) reject(e);
      else reject(new MeshError("unreachable", say("{0} cannot be asked for its proxies.", pod.name), { cause: e }));
    };
    const request = get(
      { host: "127.0.0.1", port: localPort, path: "/debug/syncz", signal, agent: false },
      (answer) => {
        const { statusCode = 0 } = answer;
        if (statusCode !== 200) {
          answer.destroy();
          const kind = statusCode === 401 || statusCode === 403 ? "forbidden" : "unsupported";
          reject(new MeshError(kind, say("{0} answered {1} when asked for its proxies.", pod.name, statusCode)));
          return;
        }
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on("error", fail);
        answer.on("data", (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > largestAnswer) {
            answer.destroy(new MeshError("bad-data", say("{0} sent too long a list of proxies.", pod.name)));
          }
        });
        answer.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      },
    );
    request.on("error", fail);
  });
}
