import { Exec, KubeConfig, PortForward, type V1Status } from "@kubernetes/client-node";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { PassThrough, Readable, Writable } from "node:stream";
import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { ExecQuery, ExecResult, Forward } from "../../../mesh/ports.ts";
import { redact } from "../../../mesh/redact.ts";
import { badAnswer, nameOf, timeoutFailure, type Attempt } from "../http/failures.ts";
import { podPath, segment } from "../reading/kubePaths.ts";
import { PodSockets } from "./podSockets.ts";
import type { Transport } from "../http/transport.ts";

const largestOutput = 16 * 1024 * 1024;
const execLimitMs = 120_000;

/** Runs a command to its end. An exit code other than 0 is a result, not an error. */
export async function execInPod(transport: Transport, query: ExecQuery, signal: AbortSignal): Promise<ExecResult> {
  const { namespace, pod, container, command, input } = query;
  const attempt = { verb: "create", resource: "pods/exec", namespace, name: pod };
  const { clock, place } = transport.wire;
  const sockets = new PodSockets(transport, attempt, signal);
  const limit = clock.after(execLimitMs, () => sockets.fail(timeoutFailure(execLimitMs / 1000, attempt, place)));
  const [output, errorOutput] = [new Collected(sockets), new Collected(sockets)];
  try {
    const exec = new Exec(new KubeConfig(), sockets);
    const status = await sockets.race(
      new Promise<V1Status>((resolve, reject) => {
        const stdin = input === undefined ? null : Readable.from([Buffer.from(input)]);
        sockets.onClosed(() => sockets.fail(badAnswer(say("The stream ended without a result."), attempt, place)));
        exec
          .exec(segment(namespace), segment(pod), container, [...command], output, errorOutput, stdin, false, resolve)
          .catch(reject);
      }),
    );
    return {
      exitCode: exitCodeOf(status, attempt, place.context),
      output: output.text(),
      errorOutput: errorOutput.text(),
    };
  } finally {
    limit.dispose();
    sockets.dispose();
  }
}

// v4 of the channel protocol: Success, or a Failure whose cause "ExitCode" holds the code.
function exitCodeOf(status: V1Status, attempt: Attempt, context: string): number {
  if (status.status === "Success") return 0;
  const code = Number(status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message);
  if (Number.isInteger(code)) return code;
  throw new MeshError(
    "invalid",
    say(
      "The command in {0} of context {1} could not be run: {2}",
      nameOf(attempt),
      context,
      redact(status.message ?? "?").slice(0, 300),
    ),
  );
}

/** Listens on 127.0.0.1 at a free port; each connection gets its own stream to the pod's port. */
export async function forwardToPod(
  transport: Transport,
  target: { readonly namespace: string; readonly pod: string; readonly port: number },
  signal: AbortSignal,
): Promise<Forward> {
  // So that a missing pod or right is told now and not to whoever connects.
  const path = podPath(target.namespace, target.pod, "").replace(/\/$/, "");
  const attempt = { verb: "get", resource: "pods", namespace: target.namespace, name: target.pod };
  await transport.send({ method: "GET", path, attempt }, signal);

  const closed = new AbortController();
  const until = AbortSignal.any([signal, closed.signal]);
  const server = createServer({ allowHalfOpen: true }, (local) => void carry(transport, target, local, until));
  const stop = () => {
    closed.abort();
    server.close();
  };
  signal.addEventListener("abort", stop, { once: true });
  await listening(server);
  if (signal.aborted) {
    stop();
    throw signal.reason as Error;
  }
  return {
    localPort: (server.address() as AddressInfo).port,
    dispose: () => {
      signal.removeEventListener("abort", stop);
      stop();
    },
  };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

// The protocol has no half-close: a client that has said all is kept until the pod has answered.
async function carry(
  transport: Transport,
  { namespace, pod, port }: { readonly namespace: string; readonly pod: string; readonly port: number },
  local: Socket,
  signal: AbortSignal,
): Promise<void> {
  const { log } = transport.wire;
  const attempt = { verb: "create", resource: "pods/portforward", namespace, name: pod };
  const sockets = new PodSockets(transport, attempt, signal);
  const end = () => local.destroy();
  signal.addEventListener("abort", end, { once: true });
  const gone = new Promise<void>((resolve) => local.once("close", () => resolve()));
  local.on("error", () => undefined);
  try {
    const fromPod = new Writable({ write: (chunk: Buffer, _, done) => local.write(chunk, () => done()) });
    // Both channels begin with the port; what the client leaves of that frame is empty.
    const complaints = new Writable({
      write: (chunk: Buffer, _, done) => {
        if (chunk.length > 0) {
          log.info("port-forward", { namespace, pod, port, said: redact(chunk.toString("utf8")).slice(0, 300) });
          local.destroy();
        }
        done();
      },
    });
    const toPod = new PassThrough();
    local.on("data", (chunk) => toPod.write(chunk));
    const client = new PortForward(new KubeConfig(), true, sockets);
    sockets.onClosed(() => fromPod.end(() => local.end()));
    await sockets.race(client.portForward(segment(namespace), segment(pod), [port], fromPod, complaints, toPod));
    await sockets.race(gone);
  } catch (e) {
    if (!signal.aborted) log.error("port-forward", e, { namespace, pod, port });
  } finally {
    signal.removeEventListener("abort", end);
    local.destroy();
    sockets.dispose();
  }
}

class Collected extends Writable {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(sockets: PodSockets) {
    super({
      write: (chunk: Buffer, _, done) => {
        this.#size += chunk.length;
        if (this.#size <= largestOutput) this.#chunks.push(chunk);
        else sockets.fail(sockets.badAnswer(say("It printed more than {0} MB.", 16)));
        done();
      },
    });
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}
