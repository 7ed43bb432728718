import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyzerRules } from "../../../../src/mesh/validation/analyzers/rules.ts";
import { fill } from "../../../../src/mesh/message.ts";
import { ruleFault } from "../../../../src/mesh/validation/engine/runRules.ts";
import { pathText } from "../../../../src/mesh/yaml/fieldPath.ts";
import { findingsOf, worldOf } from "../../../support/validation/worldOf.ts";

function found(rule: string, documents: readonly string[], isExactlyIstio = false): readonly string[] {
  const rules = analyzerRules.filter(({ name }) => name === rule);
  const store = worldOf([{ name: "a.yaml", text: documents.join("\n---\n") }], { isExactlyIstio });
  return findingsOf(rules, store).map(
    ({ info, object, finding }) => `${info.code} ${object.name} ${pathText(finding.path)}`,
  );
}

function yaml(kind: string, name: string, spec: string, group = "networking.istio.io/v1"): string {
  return `apiVersion: ${group}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: ${spec}`;
}

describe("analyzers of traffic", () => {
  test("a missing gateway is told once, where Istio also misses its hosts", () => {
    const document = yaml("VirtualService", "web", "{hosts: [a.example.com], gateways: [none]}");
    const rule = "virtualservice.GatewayAnalyzer";
    assert.deepEqual(found(rule, [document]), ["IST0101 web spec.gateways[0]"]);
    const both = ["IST0101 web spec.gateways[0]", "IST0132 web spec.gateways[0]"];
    assert.deepEqual(found(rule, [document], true).toSorted(), both);
  });

  test("two gateways conflict by host, port and bind together", () => {
    const gateway = (name: string, server: string): string =>
      yaml("Gateway", name, `{selector: {app: in}, servers: [${server}]}`);
    const rule = "gateway.ConflictingGatewayAnalyzer";
    const one = gateway("one", "{port: {number: 80}, hosts: [a.example.com, b.example.com]}");
    const conflict = ["IST0145 one spec.servers[0].hosts", "IST0145 two spec.servers[0].hosts"];
    assert.deepEqual(found(rule, [one, gateway("two", "{port: {number: 80}, hosts: [b.example.com]}")]), conflict);
    assert.deepEqual(found(rule, [one, gateway("two", "{port: {number: 81}, hosts: [b.example.com]}")]), []);
    const bound = "{port: {number: 80}, bind: 127.0.0.1, hosts: [b.example.com]}";
    assert.deepEqual(found(rule, [one, gateway("two", bound)]), []);
  });

  test("a subset that only a Deployment's template has is found, but not by Istio", () => {
    const rule = "destinationrule.SubsetSelectPodAnalyzer";
    const documents = [
      yaml("DestinationRule", "cart", "{host: cart, subsets: [{name: v1, labels: {version: v1}}]}"),
      yaml("Service", "cart", "{ports: [{port: 80}]}", "v1"),
      yaml("Deployment", "cart", "{template: {metadata: {labels: {app: cart, version: v1}}}}", "apps/v1"),
    ];
    assert.deepEqual(found(rule, documents), []);
    assert.deepEqual(found(rule, documents, true), ["IST0173 cart spec.subsets[0].labels"]);
  });

  test("nothing that is not as the API says makes a rule throw", () => {
    const kinds = ["VirtualService", "DestinationRule", "Gateway", "ServiceEntry", "Sidecar", "EnvoyFilter"];
    const fields = ["hosts", "http", "servers", "ports", "selector", "workloadSelector", "configPatches", "subsets"];
    const values = ["null", "1", "x", "[null, 1, [], {}]", "{constructor: {}, __proto__: []}"];
    const documents = values.flatMap((value, at) =>
      kinds.map((kind) => {
        const spec = fields.map((field) => `${field}: ${value}`).join(", ");
        return yaml(kind, `n${String(at)}`, `{${spec}, exportTo: ${value}, gateways: ${value}, host: ${value}}`);
      }),
    );
    const store = worldOf([{ name: "a.yaml", text: documents.join("\n---\n") }]);
    const faults = findingsOf(analyzerRules, store).filter(({ info }) => info === ruleFault);
    assert.deepEqual(
      faults.map(({ finding }) => fill(finding.message)),
      [],
    );
  });

  test("five thousand gateways with one selector take no quadratic time", () => {
    const documents = Array.from({ length: 5000 }, (_, at) =>
      yaml(
        "Gateway",
        `g${String(at)}`,
        `{selector: {app: in}, servers: [{port: {number: 443}, hosts: [h${String(at)}]}]}`,
      ),
    );
    const rules = analyzerRules.filter(({ name }) => name === "gateway.ConflictingGatewayAnalyzer");
    const store = worldOf([{ name: "a.yaml", text: documents.join("\n---\n") }]);
    const before = performance.now();
    assert.deepEqual(findingsOf(rules, store), []);
    const milliseconds = performance.now() - before;
    assert.ok(milliseconds < 1000, `it took ${String(milliseconds)} ms`);
  });
});
