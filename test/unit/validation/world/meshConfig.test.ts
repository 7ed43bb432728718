import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsAt, listAt, textAt } from "../../../../src/mesh/model/fields.ts";
import { hasAutoMtls, meshConfigOf, rootNamespaceOf } from "../../../../src/mesh/validation/world/meshConfig.ts";
import { hasKnownProtocol } from "../../../../src/mesh/validation/world/servicePorts.ts";
import { worldOf } from "../../../support/validation/worldOf.ts";

const map = `apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    enableAutoMtls: false
    defaultConfig: {proxyMetadata: {A: "1"}}
    extensionProviders: [{name: otel}]
`;

test("without any mesh configuration Istio's defaults apply", () => {
  const world = worldOf([]).world("");
  assert.equal(rootNamespaceOf(world), "istio-system");
  assert.equal(hasAutoMtls(world), true);
});

test("the ConfigMap is laid over the defaults", () => {
  const world = worldOf([{ name: "a.yaml", text: map }]).world("");
  assert.equal(hasAutoMtls(world), false);
  const config = fieldsAt(meshConfigOf(world), "defaultConfig");
  assert.equal(textAt(fieldsAt(config, "proxyMetadata"), "A"), "1");
  assert.equal(textAt(config, "discoveryAddress"), "istiod.istio-system.svc:15012");
  const names = listAt(meshConfigOf(world), "extensionProviders").map((provider) => textAt(provider, "name"));
  assert.deepEqual(names, ["prometheus", "stackdriver", "envoy", "otel"]);
});

test("a mesh configuration that is given takes the place of the ConfigMap", () => {
  const settings = { meshConfig: { rootNamespace: "mesh" } };
  const world = worldOf([{ name: "a.yaml", text: map }], settings).world("");
  assert.equal(rootNamespaceOf(world), "mesh");
  assert.equal(hasAutoMtls(world), true);
});

test("a mesh configuration that is no YAML or no mapping is none", () => {
  for (const text of ["[1]", "'x'", "{", ""]) {
    const data = JSON.stringify({ mesh: text });
    const object = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio, namespace: istio-system}\ndata: ${data}\n`;
    assert.equal(rootNamespaceOf(worldOf([{ name: "a.yaml", text: object }]).world("")), "istio-system");
  }
});

test("the protocol of a Service's port is known by appProtocol, name or number", () => {
  const known = [
    { protocol: "UDP", name: "x" },
    { appProtocol: "kubernetes.io/h2c" },
    { name: "GRPC-Web-x" },
    { name: "http2-api" },
    { name: "x", port: 3306 },
  ];
  for (const port of known) assert.equal(hasKnownProtocol(port), true, JSON.stringify(port));
  for (const port of [{ name: "httpapi" }, { appProtocol: "x", name: "http" }, { port: 80 }]) {
    assert.equal(hasKnownProtocol(port), false, JSON.stringify(port));
  }
});
