import { MeshError } from "../../meshError.ts";
import { say, type Message } from "../../message.ts";
import { fieldsAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { hasLabels } from "../../model/labelSelector.ts";
import type { ObjectRef } from "../../model/refs.ts";
import { telemetryNames } from "../../explorer/join/nameClaims.ts";
import type { RouteFacts } from "../../inventory/trafficConfig.ts";
import type { ServiceView } from "../../inventory/views.ts";
import { configIndexOf, located } from "../../topology/graph/configIndex.ts";
import type { Suspect } from "../level.ts";
import type { LevelQuestion } from "../levelQuestion.ts";
import { answerOrWhy } from "../levelStore.ts";
import { leastErrorShare } from "../thresholds.ts";

/** Requests per second by what they are told apart by. */
export type RateByName = ReadonlyMap<string, number>;

interface Failing {
  /** By Envoy's response flags. */
  readonly flags: RateByName;
  /** By the workload that sent them, "namespace/name". */
  readonly sources: RateByName;
  readonly errorsPerSecond: number;
}

interface Blame {
  readonly level: "rule" | "policy";
  readonly ref: ObjectRef;
  readonly reason: Message;
}

// Envoy's response flags by what a configuration has to do with them.
const misrouted = ["NR", "NC", "UH"];
const broken = ["UO"];
const refused = ["UF", "UC", "TLS_FAILURE"];
const injected = ["FI"];

/** Rules and policies whose own words explain the flags that requests failed with. */
export async function configSuspects(
  question: LevelQuestion,
  view: ServiceView,
  failing: Failing,
): Promise<readonly Suspect[]> {
  const share = (names: readonly string[]) => rateOf(failing.flags, names) / failing.errorsPerSecond;
  const shares = {
    misrouted: share(misrouted),
    broken: share(broken),
    refused: share(refused),
    injected: share(injected),
  };
  if (!Object.values(shares).some((one) => one >= leastErrorShare)) return [];
  const rules = await readRules(question, view);
  const { format } = question.input;
  const blamed: readonly (readonly [number, Blame | undefined])[] = [
    [shares.misrouted, shares.misrouted >= leastErrorShare ? misroute(question, rules) : undefined],
    [shares.broken, shares.broken >= leastErrorShare ? breaker(rules) : undefined],
    [
      shares.refused,
      shares.refused >= leastErrorShare ? tlsMismatch(question, view, { rules, sources: failing.sources }) : undefined,
    ],
    [shares.injected, shares.injected >= leastErrorShare ? fault(rules) : undefined],
  ];
  return blamed.flatMap(([of, blame]): Suspect[] => {
    if (!blame) return [];
    const { level, ref, reason } = blame;
    const told = say("{0} of the errors: {1}", format.share(Math.min(1, of)), fillOf(reason));
    return [{ level, to: undefined, ref, name: ref.name, share: Math.min(1, of), reason: told }];
  });
}

function fillOf({ text, args }: Message): string {
  return text.replace(/\{(\d+)\}/g, (_, i: string) => String(args[Number(i)] ?? ""));
}

interface Rule {
  readonly facts: RouteFacts;
  readonly object: KubeObject;
}

async function readRules({ input, signal }: LevelQuestion, view: ServiceView): Promise<readonly Rule[]> {
  const { cluster, namespace } = view.ref;
  const routes = configIndexOf(input).routesOf(cluster, view.hosts, () => [
    namespace,
    ...new Set(input.workloads.map(({ ref }) => ref.namespace)),
  ]);
  const read = await Promise.all(
    routes
      .slice(0, 20)
      .map(async (facts) => ({ facts, object: await answerOrWhy(input.reads.object(facts.ref, signal), signal) })),
  );
  return read.flatMap(({ facts, object }) => (MeshError.is(object) ? [] : [{ facts, object }]));
}

function misroute({ input }: LevelQuestion, rules: readonly Rule[]): Blame | undefined {
  const subsets = new Map<string, Readonly<Record<string, string>>>();
  const ruled = new Set<string>();
  for (const { facts, object } of rules) {
    if (facts.ref.kind !== "DestinationRule") continue;
    for (const host of facts.hosts) {
      ruled.add(host);
      for (const subset of listAt(fieldsAt(object, "spec"), "subsets")) {
        subsets.set(`${host}/${textAt(subset, "name") ?? ""}`, textMapAt(subset, "labels"));
      }
    }
  }
  for (const { facts, object } of rules) {
    if (facts.ref.kind === "DestinationRule") continue;
    const { cluster } = facts.ref;
    for (const host of facts.destinations) {
      const target = input.services.find((view) => view.ref.cluster === cluster && view.hosts.includes(host));
      if (!target) {
        const reason = say("{0} {1} sends to {2}, which does not exist", facts.ref.kind, facts.ref.name, host);
        return { level: "rule", ref: facts.ref, reason };
      }
    }
    for (const { host, subset, port } of destinationsOf(object, facts)) {
      const target = input.services.find((view) => view.ref.cluster === cluster && view.hosts.includes(host));
      if (!target) continue;
      if (port !== undefined && !target.ports.some((one) => one.port === port)) {
        const reason = say(
          "{0} {1} sends to port {2} of {3}, which it does not have",
          facts.ref.kind,
          facts.ref.name,
          port,
          host,
        );
        return { level: "rule", ref: facts.ref, reason };
      }
      if (subset === undefined) continue;
      const labels = subsets.get(`${host}/${subset}`);
      const backends = input.workloads.filter(({ id }) => target.workloads.includes(id));
      if (labels && backends.some((one) => one.labels && hasLabels(one.labels, labels) && one.replicas.ready > 0))
        continue;
      const reason = labels
        ? say("{0} {1} sends to subset {2} of {3}, which selects no pod", facts.ref.kind, facts.ref.name, subset, host)
        : say(
            "{0} {1} sends to subset {2} of {3}, which no DestinationRule declares",
            facts.ref.kind,
            facts.ref.name,
            subset,
            host,
          );
      return { level: "rule", ref: facts.ref, reason };
    }
  }
  return undefined;
}

interface Destination {
  readonly host: string;
  readonly subset: string | undefined;
  readonly port: number | undefined;
}

function destinationsOf(object: KubeObject, { ref, destinations }: RouteFacts): readonly Destination[] {
  const spec = fieldsAt(object, "spec");
  const routes = [...listAt(spec, "http"), ...listAt(spec, "tcp"), ...listAt(spec, "tls")];
  return routes.flatMap((route) =>
    listAt(route, "route").flatMap((entry): readonly Destination[] => {
      const destination = fieldsAt(entry, "destination");
      const host = textAt(destination, "host");
      if (host === undefined) return [];
      const full = destinations.find(
        (one) => one === host || one.startsWith(`${host}.${ref.namespace}.`) || one.startsWith(`${host}.`),
      );
      const port = fieldsAt(destination, "port")["number"];
      return [
        {
          host: full ?? host,
          subset: textAt(destination, "subset"),
          port: typeof port === "number" ? port : undefined,
        },
      ];
    }),
  );
}

function breaker(rules: readonly Rule[]): Blame | undefined {
  const found = rules.find(({ facts }) => facts.ref.kind === "DestinationRule" && facts.breaksCircuits);
  if (!found) return undefined;
  const { ref } = found.facts;
  return { level: "rule", ref, reason: say("the limits of DestinationRule {0} turned requests away (UO)", ref.name) };
}

function fault(rules: readonly Rule[]): Blame | undefined {
  const found = rules.find(({ facts }) => facts.injectsFaults);
  if (!found) return undefined;
  const { ref } = found.facts;
  return { level: "rule", ref, reason: say("{0} {1} injects faults", ref.kind, ref.name) };
}

/** Callers are told to speak otherwise than the workloads want: a DestinationRule against a PeerAuthentication. */
function tlsMismatch(
  { input, index }: LevelQuestion,
  view: ServiceView,
  { rules, sources }: { readonly rules: readonly Rule[]; readonly sources: RateByName },
): Blame | undefined {
  const config = configIndexOf(input);
  const backends = index.workloadsOf(view);
  const modes = new Set(backends.map((one) => config.mtlsMode(located(one))));
  for (const { facts, object } of rules) {
    if (facts.ref.kind !== "DestinationRule") continue;
    const told = tlsModes(object);
    const plain = told.find((mode) => mode === "DISABLE" || mode === "SIMPLE" || mode === "MUTUAL");
    if (plain !== undefined && modes.has("STRICT")) {
      const reason = say(
        "DestinationRule {0} makes callers speak {1} where STRICT mutual TLS is wanted",
        facts.ref.name,
        plain === "DISABLE" ? "plain text" : plain,
      );
      return { level: "policy", ref: facts.ref, reason };
    }
    if (told.includes("ISTIO_MUTUAL") && modes.has("DISABLE")) {
      const reason = say(
        "DestinationRule {0} makes callers speak mutual TLS, which is switched off there",
        facts.ref.name,
      );
      return { level: "policy", ref: facts.ref, reason };
    }
  }
  // A connection that failed says nothing of TLS by itself: somebody must be known to speak plain text.
  const plain = input.workloads.find((one) => {
    if (one.dataPlane !== "none") return false;
    return telemetryNames(one).some((name) => (sources.get(`${one.ref.namespace}/${name}`) ?? 0) > 0);
  });
  if (!plain || !modes.has("STRICT")) return undefined;
  const policies = backends.flatMap((one) => config.mtlsPolicies(located(one)));
  const strict = policies
    .flat()
    .find(({ mode, portModes }) => mode === "STRICT" || Object.values(portModes).includes("STRICT"));
  if (!strict) return undefined;
  const { ref } = strict;
  const reason = say(
    "PeerAuthentication {0} wants STRICT mutual TLS, and {1} has no proxy that speaks it",
    `${ref.namespace}/${ref.name}`,
    `${plain.ref.namespace}/${plain.ref.name}`,
  );
  return { level: "policy", ref, reason };
}

function tlsModes(object: KubeObject): readonly string[] {
  const spec = fieldsAt(object, "spec");
  const policies = [spec, ...listAt(spec, "subsets")].map((part) => fieldsAt(part, "trafficPolicy"));
  return policies
    .flatMap((policy) => [policy, ...listAt(policy, "portLevelSettings")])
    .flatMap((part) => textAt(fieldsAt(part, "tls"), "mode") ?? []);
}

/** Requests per second that ended with one of these flags, alone or among others. */
function rateOf(flags: RateByName, names: readonly string[]): number {
  let sum = 0;
  for (const [flag, rps] of flags) {
    if (rps > 0 && flag.split(",").some((one) => names.includes(one))) sum += rps;
  }
  return sum;
}
