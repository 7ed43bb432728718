import { MeshError, type MeshErrorKind } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { Clock } from "../../../mesh/ports.ts";
import { fixedAuthorization } from "../http/authorization.ts";
import { ForwardTransport, type ForwardRoute } from "../http/forwardTransport.ts";
import type { HttpTarget } from "../http/httpTransport.ts";
import { PrometheusClient } from "../http/prometheusClient.ts";
import { countBy, either, select, type Matcher } from "../queries/promql.ts";
import { ProxyTransport } from "../http/proxyTransport.ts";
import { podsOf, prefixesIn } from "./storePods.ts";
import type { Transport } from "../http/transport.ts";

export interface Reached {
  readonly client: PrometheusClient;
  /** It has series of Istio, not only an answer. */
  readonly holdsIstio: boolean;
}

export interface Question {
  readonly always: readonly Matcher[];
  readonly clock: Clock;
}

/** What a port-forward may mend. */
const worthForwarding: readonly MeshErrorKind[] = [
  "forbidden",
  "unreachable",
  "timeout",
  "unauthorized",
  "unsupported",
];
/** What another path on the same server may mend. */
const wrongPath: readonly MeshErrorKind[] = ["not-found", "invalid", "bad-data"];

/** How a store found in the cluster is spoken to through a forwarded port: as it is, with the user's headers at most. */
export function plainTarget(headers: Readonly<Record<string, string>>): ForwardRoute["target"] {
  // The tunnel is the API server's and ends in the pod itself, and no credentials pass: its certificate proves nothing.
  const tls: HttpTarget["tls"] = { insecureSkipVerify: true };
  return { headers, authorization: fixedAuthorization(undefined), tls };
}

/** Speaks to a Service of the cluster: by the API server's proxy, or, where it does not serve, by a forwarded port. */
export async function reachStore(
  route: ForwardRoute,
  question: Question,
  needsHeaders: boolean,
  signal: AbortSignal,
): Promise<Reached> {
  const forward = (): Promise<Reached> => askWithPrefixes(new ForwardTransport(route), route, question, signal);
  if (needsHeaders) return forward();
  try {
    return await askWithPrefixes(new ProxyTransport(route.cluster, route.service), route, question, signal);
  } catch (proxied) {
    if (!MeshError.is(proxied) || !worthForwarding.includes(proxied.kind)) throw proxied;
    try {
      return await forward();
    } catch (e) {
      if (!MeshError.is(e)) throw e;
      const words = say("Through the API server: {0} By a forwarded port: {1}", proxied.message, e.message);
      throw new MeshError(e.kind, words, { cause: e, hint: e.hint ?? proxied.hint });
    }
  }
}

/** Asks whether a store answers, and holds anything of Istio. */
export async function tryStore(client: PrometheusClient, question: Question, signal: AbortSignal): Promise<Reached> {
  const query = ["istio_build", "istio_requests_total", "istio_tcp_received_bytes_total"]
    .map((metric) => countBy([], select(metric, question.always)))
    .reduce((all, next) => either(all, next));
  const { samples } = await client.query(query, question.clock.now(), signal);
  return { client, holdsIstio: samples.length > 0 };
}

async function askWithPrefixes(
  transport: Transport,
  { cluster, service }: ForwardRoute,
  question: Question,
  signal: AbortSignal,
): Promise<Reached> {
  try {
    const first = await firstThatAnswers(transport, service.prefixes, question, signal);
    if (!(first instanceof MeshError)) return first;
    // Somebody answers, below another path. Its program was told which.
    const others = prefixesIn(await podsOf(cluster, service, signal)).filter(
      (path) => !service.prefixes.includes(path),
    );
    const second = others.length > 0 ? await firstThatAnswers(transport, others, question, signal) : first;
    if (second instanceof MeshError) throw first;
    return second;
  } catch (e) {
    transport.dispose();
    throw e;
  }
}

async function firstThatAnswers(
  transport: Transport,
  prefixes: readonly string[],
  question: Question,
  signal: AbortSignal,
): Promise<Reached | MeshError> {
  let failure: MeshError | undefined;
  for (const prefix of prefixes) {
    try {
      return await tryStore(new PrometheusClient(transport, prefix), question, signal);
    } catch (e) {
      if (!MeshError.is(e) || !wrongPath.includes(e.kind)) throw e;
      failure ??= e;
    }
  }
  return failure ?? new MeshError("not-found", say("{0} was asked nothing.", transport.label));
}
