import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { conditionsOf } from "../../../../src/mesh/validation/gateway/conditions.ts";
import type { Condition } from "../../../../src/mesh/validation/gateway/condition.ts";
import { corpusCases, corpusText } from "../../../support/corpus.ts";
import { worldOf } from "../../../support/validation/worldOf.ts";

interface Expected {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** "resource", "listener:NAME", "parent:KIND/NAME", "ancestor:KIND/NAME". */
  readonly scope: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}

interface Case {
  readonly id: string;
  readonly inputFile: string;
  readonly expected: readonly Expected[];
}

const cases = corpusCases("gateway-api", 26) as readonly Case[];

/** Hosts that only the registry of Istio's test knows. */
function registryEntries(): string {
  const hosts = JSON.parse(corpusText("gateway-api", "harness", "registry-only-hosts.json")) as readonly {
    readonly namespace: string;
    readonly hostname?: string;
  }[];
  return hosts
    .filter(({ hostname }) => hostname !== undefined)
    .map(
      ({ namespace, hostname = "" }, index) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: registry-${index}, namespace: ${namespace}}
spec: {hosts: [${hostname}], ports: [{number: 80, name: http}, {number: 34000, name: tcp}]}
`,
    )
    .join("---\n");
}

/** The harness declares each namespace with a label of the first part of its name. */
function namespaces(text: string): string {
  const names = new Set([...text.matchAll(/^\s*namespace: "?([a-z0-9-]+)"?/gmu)].map(([, name = ""]) => name));
  return [...names]
    .map((name) => {
      const part = name.split("-")[0] ?? "";
      return `apiVersion: v1
kind: Namespace
metadata: {name: ${name}, labels: {istio.io/test-name-part: ${part}}}
`;
    })
    .join("---\n");
}

/** The registry of Istio's test has one port more on the ingress gateway than the seed's Service, as its messages tell. */
function seed(): string {
  return corpusText("gateway-api", "harness", "seed-resources.yaml").replace(
    /(name: istio-ingressgateway\n[^]*?ports:\n)/u,
    "$1    - name: https\n      port: 443\n",
  );
}

function conditions({ inputFile }: Case): readonly Condition[] {
  const text = corpusText("gateway-api", "testdata", inputFile);
  const store = worldOf([
    { name: "seed.yaml", text: seed() },
    { name: "registry.yaml", text: registryEntries() },
    { name: "namespaces.yaml", text: namespaces(text) },
    { name: inputFile, text },
  ]);
  return conditionsOf(store.world(""));
}

function scopeOf({ listener, parent }: Condition, kind: string): string {
  if (listener !== undefined) return `listener:${listener}`;
  if (parent === undefined) return "resource";
  return `${kind.endsWith("Policy") ? "ancestor" : "parent"}:${parent}`;
}

function line(of: Omit<Expected, "status" | "reason">, status: string, reason: string): string {
  return [of.kind, `${of.namespace}/${of.name}`, of.scope, of.type, status, reason].join(" ");
}

describe("conditions of Istio's golden files", () => {
  for (const one of cases) {
    test(`${one.id}: every status and reason is what istiod writes, a Gateway's Programmed left out`, () => {
      const isLeftOut = ({ kind, scope, type }: Pick<Expected, "kind" | "scope" | "type">) =>
        kind === "Gateway" && scope === "resource" && type === "Programmed";
      const actual = conditions(one)
        .map((condition) => {
          const { resource, type, status, reason } = condition;
          const { kind } = resource.object;
          const { namespace, name } = resource;
          return { kind, namespace, name, scope: scopeOf(condition, kind), type, status, reason };
        })
        .filter((of) => !isLeftOut(of))
        .map((of) => line(of, of.status, of.reason));
      const expected = one.expected.filter((of) => !isLeftOut(of)).map((of) => line(of, of.status, of.reason));
      assert.deepEqual(actual.sort(), expected.sort());
    });
  }
});
