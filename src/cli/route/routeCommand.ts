import { readFileSync } from "node:fs";
import { isAbort, MeshError } from "../../mesh/meshError.ts";
import { fill, say } from "../../mesh/message.ts";
import { textMapAt } from "../../mesh/model/fields.ts";
import { groupOf, type KubeObject } from "../../mesh/model/kubeObject.ts";
import type { Log } from "../../mesh/ports.ts";
import { readRoutingMesh } from "../../mesh/routing/config/routingMesh.ts";
import { explainRequest, type ExplanationStep } from "../../mesh/routing/explain/explanation.ts";
import { answerConnection } from "../../mesh/routing/request/answerConnection.ts";
import { answerRequest } from "../../mesh/routing/request/answer.ts";
import type { Outcome } from "../../mesh/routing/request/outcome.ts";
import { ProxyConfigurations } from "../../mesh/routing/request/proxyConfiguration.ts";
import { readCluster } from "../../mesh/validation/live/readCluster.ts";
import { readYaml } from "../../mesh/yaml/readYaml.ts";
import { readGivenConfig } from "../analyze/givenConfig.ts";
import { reasonOf } from "../analyze/collectFiles.ts";
import type { RouteCommand } from "../commandLine.ts";
import { printable } from "../displayWidth.ts";
import type { Terminal } from "../terminal.ts";
import { readRequests, RequestsError, type Asked } from "./askedRequest.ts";
import { readDeclared, type DeclaredObjects, type WrittenPlace } from "./declaredObjects.ts";
import { routeText } from "./routeText.ts";

/** A step as JSON and text print it. */
export interface PrintedStep extends Partial<WrittenPlace> {
  readonly kind: ExplanationStep["kind"];
  readonly name: string;
  readonly taken: boolean;
  readonly text: string;
  readonly object?: { readonly kind: string; readonly namespace: string; readonly name: string };
}

export type Explained = Outcome & { readonly explanation: readonly PrintedStep[] };

/** Tells what a proxy would do with requests. The exit code: 0 told, 2 it could not be. */
export async function routeCommand(
  command: RouteCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await route(command, terminal, log, signal);
  } catch (error) {
    if (signal.aborted || isAbort(error)) throw error;
    if (!MeshError.is(error)) throw error;
    terminal.fail(error);
    return 2;
  }
}

async function route(command: RouteCommand, terminal: Terminal, log: Log, signal: AbortSignal): Promise<number> {
  const asked = command.requests === undefined ? command.asked : requestsOf(command.requests);
  const declared = await readDeclared(command.paths, terminal);
  if (declared.hasFailed) return 2;
  const live = await liveObjects(command, terminal, log, signal);
  const objects = declared.over(live, command.defaultNamespace);
  if (objects.length === 0) {
    terminal.note(say("No objects of Kubernetes were found in {0}", command.paths.join(", ")));
    return 2;
  }
  const meshConfig = command.meshConfig === undefined ? installed(objects) : readGivenConfig(command.meshConfig).value;
  const mesh = readRoutingMesh(objects, { meshConfig, defaultNamespace: command.defaultNamespace });
  const configurations = new ProxyConfigurations(mesh);
  const explained = asked.map((one): Explained => {
    const configuration = configurations.for(one.from);
    if ("connection" in one) return { ...answerConnection(configuration, one), explanation: [] };
    const explanation = explainRequest(configuration, one).map((step) => printedStep(step, declared));
    return { ...answerRequest(configuration, one), explanation };
  });
  await terminal.print(printed(command, asked, explained));
  return 0;
}

function printed(command: RouteCommand, asked: readonly Asked[], explained: readonly Explained[]): string {
  if (command.format === "json") {
    const [first] = explained;
    return `${JSON.stringify(command.requests === undefined ? first : explained, undefined, 2)}\n`;
  }
  // Names come from files and clusters: none may steer the terminal.
  const texts = explained.map((one, index) => routeText(asked[index], one));
  return texts.join("\n").split("\n").map(printable).join("\n");
}

function requestsOf(file: string): readonly Asked[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new MeshError("misconfigured", say("The file {0} cannot be read: {1}", file, reasonOf(error)));
  }
  try {
    return readRequests(text);
  } catch (error) {
    if (!(error instanceof RequestsError)) throw error;
    throw new MeshError("misconfigured", say("{0} holds no requests: {1}", file, error.message));
  }
}

function printedStep(step: ExplanationStep, declared: DeclaredObjects): PrintedStep {
  const { kind, name, isTaken, text, written } = step;
  const said = { kind, name, taken: isTaken, text: fill(text) };
  if (written === undefined) return said;
  const { object, path } = written;
  return {
    ...said,
    object: { kind: object.kind, namespace: object.namespace, name: object.name },
    ...declared.place(object.object, path),
  };
}

async function liveObjects(
  { where, defaultNamespace }: RouteCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  if (where === undefined) return [];
  const { openClusters } = await import("../openMesh.ts");
  const opened = await openClusters(where, terminal, log);
  try {
    const [first] = opened;
    if (first === undefined) return [];
    const namespaces = [first.defaultNamespace ?? defaultNamespace];
    const { objects, unread, context } = await readCluster(first.source, { namespaces }, signal);
    for (const { kind = "", error } of unread)
      terminal.note(say("{0}: {1} cannot be read, and the answer may miss it: {2}", context, kind, fill(error.words)));
    return objects;
  } finally {
    for (const { source } of opened) source.dispose();
  }
}

// The mesh's own configuration, where it is among the objects.
function installed(objects: readonly KubeObject[]): unknown {
  const map = objects.find(
    ({ apiVersion, kind, metadata }) =>
      groupOf(apiVersion) === "" &&
      kind === "ConfigMap" &&
      metadata.name === "istio" &&
      metadata.namespace === "istio-system",
  );
  const text = map === undefined ? undefined : textMapAt(map, "data")["mesh"];
  return text === undefined ? undefined : readYaml(text).documents[0]?.value;
}
