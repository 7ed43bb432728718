import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientTlsModeOf, portModesOf } from "../../../src/mesh/security/mtlsMode.ts";
import {
  effectivePeerMode,
  meshTlsRules,
  namespaceTlsRules,
  tlsScopeOf,
  widePeerMode,
} from "../../../src/mesh/security/mtlsPolicies.ts";
import type { WorldObject } from "../../../src/mesh/validation/world/worldObject.ts";
import { worldOf } from "../../support/validation/worldOf.ts";

const meshWide = peer("default", "istio-system", "STRICT");

describe("the PeerAuthentication that decides", () => {
  test("is one of the workload before one of the namespace before one of the mesh", () => {
    const texts = [
      meshWide,
      peer("default", "shop", "PERMISSIVE"),
      peer("reviews", "shop", "DISABLE", "{ app: reviews }"),
    ];
    assert.equal(modeOf(texts, "shop", { app: "reviews" }), "DISABLE");
    assert.equal(modeOf(texts, "shop", { app: "ratings" }), "PERMISSIVE");
    assert.equal(modeOf(texts, "bank", { app: "reviews" }), "STRICT");
  });

  test("is nobody's where nothing is said", () => {
    assert.equal(modeOf([], "shop", {}), undefined);
  });

  test("passes an UNSET one on to the next", () => {
    assert.equal(modeOf([meshWide, peer("default", "shop", "UNSET")], "shop", {}), "STRICT");
  });

  test("is the oldest of several for the same workload", () => {
    const texts = [
      peer("young", "shop", "DISABLE", "{ app: a }").replace(
        "young,",
        "young, creationTimestamp: 2026-02-01T00:00:00Z,",
      ),
      peer("old", "shop", "STRICT", "{ version: v1 }").replace("old,", "old, creationTimestamp: 2026-01-01T00:00:00Z,"),
    ];
    assert.equal(modeOf(texts, "shop", { app: "a", version: "v1" }), "STRICT");
  });

  test("must find every label of its selector", () => {
    const texts = [peer("both", "shop", "DISABLE", "{ app: a, version: v1 }")];
    assert.equal(modeOf(texts, "shop", { app: "a", version: "v2" }), undefined);
  });

  test("of a whole namespace may have an empty selector", () => {
    const world = worldOf([text(peer("default", "shop", "STRICT", "{}"))]).world("");
    assert.equal(widePeerMode(world, "shop")?.mode, "STRICT");
  });
});

describe("DestinationRules for many hosts", () => {
  test("are told apart by their wildcard", () => {
    const world = worldOf([
      text(rule("mesh", "*.local", "ISTIO_MUTUAL"), rule("shop", "*.shop.svc.cluster.local", "DISABLE")),
    ]).world("");
    assert.deepEqual(
      meshTlsRules(world).map(({ mode, by }) => [by.name, mode]),
      [["mesh", "ISTIO_MUTUAL"]],
    );
    assert.deepEqual(
      namespaceTlsRules(world, "shop").map(({ mode, by }) => [by.name, mode]),
      [["shop", "DISABLE"]],
    );
    assert.deepEqual(namespaceTlsRules(world, "bank"), []);
  });

  test("for one host or for hosts outside have no scope", () => {
    for (const host of ["reviews", "*.example.com", "reviews.shop.svc.cluster.local"]) {
      assert.equal(tlsScopeOf(only(rule("one", host, "DISABLE"))), undefined, host);
    }
  });
});

describe("TLS modes", () => {
  test("of a tls without a mode is DISABLE, the API's default", () => {
    assert.equal(clientTlsModeOf(only(rule("one", "*.local", "")).object), "DISABLE");
  });

  test("by port are those that are known", () => {
    const object = only(`${peer("ports", "shop", "STRICT", "{ app: a }")}
  portLevelMtls: { "8080": { mode: DISABLE }, "9090": { mode: UNSET } }
`).object;
    assert.deepEqual([...portModesOf(object)], [["8080", "DISABLE"]]);
  });
});

function modeOf(texts: readonly string[], namespace: string, labels: Readonly<Record<string, string>>) {
  const world = worldOf([text(...texts)]).world("");
  return effectivePeerMode(world, "istio-system", { namespace, labels })?.mode;
}

function text(...documents: readonly string[]) {
  return { name: "mesh.yaml", text: documents.join("\n---\n") };
}

function only(document: string): WorldObject {
  const [object] = worldOf([text(document)]).declarations();
  assert.ok(object);
  return object;
}

function peer(name: string, namespace: string, mode: string, labels?: string): string {
  const selector = labels === undefined ? "" : `\n  selector: { matchLabels: ${labels} }`;
  return `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: ${name}, namespace: ${namespace} }
spec:${selector}
  mtls: { mode: ${mode} }`;
}

function rule(name: string, host: string, mode: string): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: istio-system }
spec:
  host: "${host}"
  trafficPolicy:
    tls: { ${mode === "" ? "" : `mode: ${mode}`} }`;
}
