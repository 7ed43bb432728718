import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { annotationFault } from "../../../../../src/mesh/validation/analyzers/annotations/values.ts";
import {
  isIstioAnnotation,
  knownAnnotations,
} from "../../../../../src/mesh/validation/analyzers/annotations/registry.ts";

function isGood(name: string, value: string): boolean {
  return annotationFault(name, value) === undefined;
}

describe("values of Istio's annotations", () => {
  const cases: readonly (readonly [name: string, good: readonly string[], bad: readonly string[]])[] = [
    [
      "traffic.sidecar.istio.io/includeOutboundIPRanges",
      ["", "*", "10.0.0.0/8", "10.0.0.0/8,fd00::/8", "::/0", "::ffff:10.0.0.1/128", "1.2.3.4/32"],
      [
        "10.0.0.0",
        "10.0.0.0/8, 1.0.0.0/8",
        "010.0.0.0/8",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "fe80::1%eth0/64",
        ",",
        "*,::/0",
      ],
    ],
    [
      "traffic.sidecar.istio.io/excludeOutboundIPRanges",
      ["", "1::2:3/64"],
      ["*", "1::2::3/64", "1:2:3:4:5:6:7:8::/64"],
    ],
    [
      "traffic.sidecar.istio.io/includeInboundPorts",
      ["*", "", "80", " 80 , 0080,65535,0"],
      ["65536", "80,", "-1", "+1"],
    ],
    ["traffic.sidecar.istio.io/excludeInboundPorts", ["", "15020"], ["*", "http"]],
    ["status.sidecar.istio.io/port", ["0", " 15020 "], ["", "a", "1,2"]],
    [
      "readiness.status.sidecar.istio.io/periodSeconds",
      ["0", "4294967295"],
      ["", " 1", "-1", "4294967296", "1.5", "1s"],
    ],
    [
      "traffic.sidecar.istio.io/excludeInterfaces",
      ["", "eth0", "eth0, eth1", "veth.1-a_b", "abcdefghijklmno"],
      ["eth0,", "1eth", "abcdefghijklmnop", "eth0;rm", "eth 0", "eth+"],
    ],
    ["prometheus.istio.io/merge-metrics", ["true", "F", "0"], ["yes", "TrUe", "", " true"]],
    ["sidecar.istio.io/interceptionMode", ["REDIRECT", "TPROXY", "NONE"], ["redirect", ""]],
    ["sidecar.istio.io/proxyCPU", ["100m", "2", "1.5", "1e3"], ["", "100 m", "100m\n", "1x"]],
    ["sidecar.istio.io/proxyMemoryLimit", ["128Mi", "1G"], ["128mi", "-"]],
    [
      "proxy.istio.io/config",
      ["", "{}", "concurrency: 2", "holdApplicationUntilProxyStarts: true", "proxyMetadata:\n  A: '1'", "mesh_id: a"],
      ["[]", "concurrency: many", "concurency: 2", "proxyMetadata:\n  A: 1", "statusPort: 70000", "a: b: c"],
    ],
  ];
  for (const [name, good, bad] of cases) {
    test(`${name} takes what the injector takes`, () => {
      assert.deepEqual(
        good.filter((value) => !isGood(name, value)),
        [],
      );
    });
    test(`${name} refuses what the injector refuses`, () => {
      assert.deepEqual(
        bad.filter((value) => isGood(name, value)),
        [],
      );
    });
  }

  test("any text is judged without an exception", () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases.map(([name]) => name)), fc.string({ unit: "binary" }), (name, value) => {
        annotationFault(name, value);
      }),
    );
  });
});

describe("the registry of annotations", () => {
  test("judges keys by the domain before the first slash", () => {
    const keys = [
      "istio.io/a",
      "x.istio.io/a",
      "myistio.io/a",
      "kubernetes.io/ingress.class",
      "a/istio.io",
      "istio.io/rev",
    ];
    assert.deepEqual(keys.filter(isIstioAnnotation), [
      "istio.io/a",
      "x.istio.io/a",
      "myistio.io/a",
      "kubernetes.io/ingress.class",
    ]);
  });

  test("finds nothing by the names of Object's own properties", () => {
    assert.equal(knownAnnotations.get("__proto__"), undefined);
  });
});
