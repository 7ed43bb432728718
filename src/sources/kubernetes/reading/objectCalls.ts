import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { KindOnServer, KubeObject } from "../../../mesh/model/kubeObject.ts";
import type { AccessQuestion, ApplyOptions, ClusterIdentity, ProxyAnswer, ProxyQuery } from "../../../mesh/ports.ts";
import { acceptOf, arrivalOf } from "./arrivals.ts";
import { badAnswer, statusFailure } from "../http/failures.ts";
import { attemptOf, kindPath, segment, withQuery } from "./kubePaths.ts";
import type { Transport } from "../http/transport.ts";

interface Target {
  readonly kind: KindOnServer;
  readonly namespace: string;
  readonly name: string;
}

export async function getObject(transport: Transport, target: Target, signal: AbortSignal): Promise<KubeObject> {
  const { kind, namespace, name } = target;
  const attempt = attemptOf("get", kind, namespace, name);
  const answer = await transport.json({ method: "GET", path: kindPath(kind, namespace, name), attempt }, signal);
  return objectOf(transport, answer, { kind, attempt });
}

/** Server-side apply as field manager "foreyard". */
export async function applyObject(
  transport: Transport,
  { object, kind, dryRun, force }: ApplyOptions & { readonly object: KubeObject; readonly kind: KindOnServer },
  signal: AbortSignal,
): Promise<KubeObject> {
  const { name, namespace } = object.metadata;
  const attempt = attemptOf("patch", kind, namespace, name);
  const query = { fieldManager: "foreyard", force: force ? true : undefined, dryRun: dryRun ? "All" : undefined };
  // The API server refuses an apply that carries managedFields.
  const metadata: Record<string, unknown> = { ...object.metadata };
  delete metadata["managedFields"];
  const body = { type: "application/apply-patch+yaml", text: JSON.stringify({ ...object, metadata }) };
  const path = withQuery(kindPath(kind, namespace, name), query);
  const answer = await transport.json({ method: "PATCH", path, attempt, body }, signal);
  return objectOf(transport, answer, { kind, attempt });
}

export async function deleteObject(transport: Transport, target: Target, signal: AbortSignal): Promise<void> {
  const { kind, namespace, name } = target;
  const attempt = attemptOf("delete", kind, namespace, name);
  await transport.send({ method: "DELETE", path: kindPath(kind, namespace, name), attempt }, signal);
}

/** Asks with a SelfSubjectAccessReview, which changes nothing and everybody may make. */
export async function mayI(transport: Transport, question: AccessQuestion, signal: AbortSignal): Promise<boolean> {
  const { verb, group, resource, subresource, namespace, name } = question;
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb, group, resource, subresource, namespace, name } },
  };
  const attempt = { verb: "create", resource: "selfsubjectaccessreviews.authorization.k8s.io" };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const body = { type: "application/json", text: JSON.stringify(review) };
  const answer = await transport.json({ method: "POST", path, attempt, body }, signal);
  const { status } = answer as { status?: { allowed?: unknown } };
  if (typeof status?.allowed !== "boolean") {
    throw badAnswer(say("It sent JSON that answers no access review."), attempt, transport.wire.place);
  }
  return status.allowed;
}

const namespaceKind = { group: "", version: "v1", kind: "Namespace", plural: "namespaces", namespaced: false };

/** The server's version, and the UID of kube-system; where that may not be read, the server's address stands for it. */
export async function identityOf(transport: Transport, signal: AbortSignal): Promise<ClusterIdentity> {
  const attempt = { verb: "get", resource: "/version" };
  const [answer, key] = await Promise.all([
    transport.json({ method: "GET", path: "/version", attempt }, signal),
    keyOf(transport, signal),
  ]);
  const { gitVersion } = answer as { gitVersion?: unknown };
  if (typeof gitVersion !== "string")
    throw badAnswer(say("It sent JSON without a version."), attempt, transport.wire.place);
  return { key, version: gitVersion };
}

async function keyOf(transport: Transport, signal: AbortSignal): Promise<string> {
  const attempt = attemptOf("get", namespaceKind, "", "kube-system");
  const { href } = transport.wire.connection.server;
  try {
    const path = kindPath(namespaceKind, "", "kube-system");
    const answer = await transport.send({ method: "GET", path, attempt, accept: acceptOf(true, false) }, signal);
    const { metadata } = objectOf(transport, transport.parse(answer, attempt), { kind: namespaceKind, attempt });
    if (metadata.uid === undefined) return href;
    transport.marks.learn(answer.mark, metadata.uid);
    return metadata.uid;
  } catch (e) {
    if (MeshError.is(e, "forbidden") || MeshError.is(e, "not-found")) return href;
    throw e;
  }
}

/**
 * What a service behind the API server's proxy answers, whatever its status. A refusal by the API server itself (a
 * Status object) is thrown.
 */
export async function proxied(transport: Transport, query: ProxyQuery, signal: AbortSignal): Promise<ProxyAnswer> {
  const { namespace, service, path, method = "GET", body, contentType = "application/x-www-form-urlencoded" } = query;
  const root = `/api/v1/namespaces/${segment(namespace)}/services/${segment(service)}/proxy`;
  const attempt = { verb: method === "GET" ? "get" : "create", resource: "services/proxy", namespace, name: service };
  const answer = await transport.send(
    {
      method,
      path: `${root}${path.startsWith("/") ? "" : "/"}${path}`,
      attempt,
      accept: "*/*",
      anyStatus: true,
      ...(body === undefined ? {} : { body: { type: contentType, text: body } }),
    },
    signal,
  );
  if (answer.status >= 400 && isStatus(answer.text)) {
    throw statusFailure(answer.status, answer.text, attempt, transport.wire.place);
  }
  return { status: answer.status, contentType: answer.contentType, body: answer.text };
}

function isStatus(text: string): boolean {
  return /^\s*\{/.test(text) && /"kind"\s*:\s*"Status"/.test(text.slice(0, 4000));
}

function objectOf(
  transport: Transport,
  answer: unknown,
  { kind, attempt }: { readonly kind: KindOnServer; readonly attempt: ReturnType<typeof attemptOf> },
): KubeObject {
  const found = arrivalOf(answer, kind, false);
  if (!found) throw badAnswer(say("It sent JSON that is no {0}.", kind.kind), attempt, transport.wire.place);
  return found;
}
