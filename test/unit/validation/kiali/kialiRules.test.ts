import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { kialiRules } from "../../../../src/mesh/validation/kiali/rules.ts";
import { kialiTable } from "../../../../src/mesh/validation/kiali/table.ts";
import type { KubeObject } from "../../../../src/mesh/model/kubeObject.ts";
import { pathText } from "../../../../src/mesh/yaml/fieldPath.ts";
import { WorldStore } from "../../../../src/mesh/validation/world/worldStore.ts";
import { ruleFixtures, worldOfFixture } from "../../../support/validation/ruleFixture.ts";
import { findingsOf, testSettings, worldOf, type FoundIn } from "../../../support/validation/worldOf.ts";

const registryOnly = { meshConfig: { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } } };

describe("Kiali's codes", () => {
  test("are 72, each told of once", () => {
    assert.equal(kialiTable.length, 72);
    assert.equal(new Set(kialiTable.map(({ code }) => code)).size, 72);
  });

  test("are all told of that a rule gives", () => {
    const told = new Set(kialiTable.filter(({ state }) => state === "implemented").map(({ code }) => code));
    const given = kialiRules.flatMap(({ codes }) => codes.map(({ code }) => code));
    assert.deepEqual(
      given.filter((code) => code !== "GWAPI" && !told.has(code)),
      [],
    );
  });

  test("are each given by one rule", () => {
    const given = kialiRules.flatMap(({ codes }) => codes.map(({ code }) => code));
    assert.equal(new Set(given).size, given.length);
  });
});

describe("severities", () => {
  const route = virtualService("reviews", "shop", "destination: { host: nowhere }");

  test("of an unknown host are errors only where the mesh refuses unknown hosts", () => {
    assert.deepEqual(severitiesOf("KIA1101", route), ["warning"]);
    assert.deepEqual(severitiesOf("KIA1101", route, registryOnly), ["error"]);
  });

  test("of a subset that selects nothing is an error only where something routes to it", () => {
    const objects = [service("reviews"), rule("v1")];
    assert.deepEqual(severitiesOf("KIA0203", objects.join("---\n")), ["info"]);
    const routed = [...objects, virtualService("reviews", "shop", "destination: { host: reviews, subset: v1 }")];
    assert.deepEqual(severitiesOf("KIA0203", routed.join("---\n")), ["error"]);
  });

  test("of a subset without labels is information where a sibling selects something", () => {
    const bare = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  subsets: [{ name: all }, { name: v1, labels: { version: v1 } }]
`;
    assert.deepEqual(severitiesOf("KIA0209", [service("reviews"), bare].join("---\n")), ["warning"]);
    assert.deepEqual(severitiesOf("KIA0209", [service("reviews"), deployment, bare].join("---\n")), ["info"]);
  });
});

describe("places", () => {
  test("of a same destination are both of its subsets", () => {
    const text = virtualService(
      "reviews",
      "shop",
      "destination: { host: reviews, subset: v1 }",
      "destination: { host: reviews.shop, subset: v1 }",
    );
    assert.deepEqual(placesOf("KIA1105", text), [
      "spec.http[0].route[0].destination.subset",
      "spec.http[0].route[1].destination.subset",
    ]);
  });

  test("in a list with items of other types stay those of the list", () => {
    const text = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: policy, namespace: shop }
spec:
  rules: [{ to: [{ operation: { methods: [1, FETCH] } }] }]
`;
    assert.deepEqual(placesOf("KIA0102", text), ["spec.rules[0].to[0].operation.methods[1]"]);
  });

  test("of a conflict lead to the other object", () => {
    const [first] = ruleFixtures().filter(({ file }) => file === "KIA1106.fires.yaml");
    assert.ok(first);
    const found = findingsOf(kialiRules, worldOfFixture(first)).filter(({ info }) => info.code === "KIA1106");
    assert.deepEqual(
      found.map(({ object, finding }) => [object.name, finding.related?.[0]?.object.name]),
      [
        ["reviews", "reviews-too"],
        ["reviews-too", "reviews"],
      ],
    );
  });

  test("of what is missing say where it was looked for", () => {
    const [found] = findingsIn(virtualService("a", "shop", "destination: { host: b.bank.svc.cluster.local }"));
    assert.equal(found?.finding.missingIn, "bank");
  });
});

describe("what was wrongly told", () => {
  // The numbers are those of the reports: kiali/kiali, istio/istio (26222).
  const reported = ["10188", "10189", "10183", "10235", "9529", "6953", "7287", "4458", "4764", "5729", "2918", "4711"];
  reported.push("4049", "800", "26222");

  test("has an example for each report", () => {
    const files = ruleFixtures().map(({ file }) => file);
    assert.deepEqual(
      reported.filter((number) => !files.some((file) => file.endsWith(`.quiet.${number}.yaml`))),
      [],
    );
  });
});

describe("foreign input", () => {
  const kindsOfRules = [...new Set(kialiRules.flatMap((rule) => rule.kinds))];
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.constantFrom("*", "a.b", "__proto__", "/", ""),
  );
  const fieldNames = fc.constantFrom(
    ...["host", "hosts", "http", "route", "destination", "subset", "gateways", "servers", "port", "number", "rules"],
    ...["from", "source", "principals", "when", "key", "selector", "matchLabels", "template", "metadata", "labels"],
    ...["exportTo", "egress", "subsets", "trafficPolicy", "tls", "mode", "ports", "targetRefs", "__proto__", "mtls"],
  );
  const { spec } = fc.letrec((tie) => ({
    spec: fc.dictionary(
      fieldNames,
      fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie("spec"), { maxLength: 3 }), tie("spec")),
    ),
  }));

  test("never makes a rule fail", () => {
    const objects = fc.array(fc.tuple(fc.constantFrom(...kindsOfRules), fc.constantFrom("a", "b"), spec), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(objects, (all) => {
        const store = new WorldStore(testSettings);
        const declared = all.map(([kind, namespace, body], index) => ({
          cluster: "",
          object: objectOf(kind, `n${String(index % 4)}`, namespace, body),
          origin: { from: "assumed" } as const,
        }));
        store.replace("all", declared);
        const faults = findingsOf(kialiRules, store).filter(({ info }) => info.code === "FY1000");
        assert.deepEqual(
          faults.map(({ finding }) => finding.message.args),
          [],
        );
      }),
      { numRuns: 300 },
    );
  });
});

function objectOf(kindName: string, name: string, namespace: string, spec: unknown): KubeObject {
  const [group = "", kind = ""] = kindName.split("/");
  return { apiVersion: group === "core" ? "v1" : `${group}/v1`, kind, metadata: { name, namespace }, spec };
}

function findingsIn(text: string, settings = {}): readonly FoundIn[] {
  return findingsOf(kialiRules, worldOf([{ name: "a.yaml", text }], settings));
}

function severitiesOf(code: string, text: string, settings = {}): readonly string[] {
  return findingsIn(text, settings)
    .filter(({ info }) => info.code === code)
    .map(({ info, finding }) => finding.severity ?? info.severity);
}

function placesOf(code: string, text: string): readonly string[] {
  return findingsIn(text)
    .filter(({ info }) => info.code === code)
    .map(({ finding }) => pathText(finding.path));
}

function virtualService(name: string, namespace: string, ...destinations: readonly string[]): string {
  const route = destinations.map((one) => `        - ${one}`).join("\n");
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  hosts: [${name}]
  http:
    - route:
${route}
`;
}

function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 9080 }]
`;
}

function rule(subset: string): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec:
  host: reviews
  subsets: [{ name: ${subset}, labels: { version: ${subset} } }]
`;
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, namespace: shop }
spec:
  template:
    metadata: { labels: { app: reviews, version: v1 } }
    spec: { containers: [{ name: app, image: app }] }
`;
