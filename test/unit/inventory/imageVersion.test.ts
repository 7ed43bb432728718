import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readImage } from "../../../src/mesh/inventory/facts/imageVersion.ts";

const upstream: Readonly<Record<string, string | undefined>> = {
  "docker.io/istio/pilot:1.24.2": "1.24.2",
  "istio/pilot:1.5.10": "1.5.10",
  "docker.io/istio/pilot:1.24.2-distroless": "1.24.2",
  "docker.io/istio/pilot:1.24.2-debug": "1.24.2",
  "docker.io/istio/pilot:1.30.0-rc.1": "1.30.0-rc.1",
  "docker.io/istio/pilot:1.30.0-beta.0-distroless": "1.30.0-beta.0",
  "gcr.io/istio-testing/pilot:1.32-alpha.8d7f1b2c9e0a1b2c3d4e5f60718293a4b5c6d7e8": "1.32-alpha",
  "registry.corp.example:5000/mirror/istio/pilot:1.24.2": "1.24.2",
  "docker.io/istio/pilot:1.24.2@sha256:0123456789abcdef": "1.24.2",
  "docker.io/istio/pilot@sha256:0123456789abcdef": undefined,
  "registry.corp.example:5000/mirror/istio/pilot": undefined,
  "docker.io/istio/pilot:latest": undefined,
  "": undefined,
};

const vendors: Readonly<Record<string, string | undefined>> = {
  "us-docker.pkg.dev/gloo-mesh/istio-1cf99a48c9d8/pilot:1.24.3-solo": "1.24.3",
  "gcr.io/gke-release/asm/pilot:1.20.8-asm.20": "1.20.8",
  "registry.corp.example/pilot:1.20.8-asm.20": "1.20.8",
  "containers.istio.tetratelabs.com/pilot:1.18.5-tetrate-v0": "1.18.5",
  "containers.istio.tetratelabs.com/pilot:1.18.5-tetrate-v0-distroless": "1.18.5",
  "quay.io/maistra/pilot-ubi8:2.4": "2.4",
  "registry.redhat.io/openshift-service-mesh/istio-pilot-rhel9@sha256:0123": undefined,
};

describe("an image of upstream's", () => {
  for (const [image, version] of Object.entries(upstream)) {
    test(`"${image}" is ${version ?? "of unknown version"}`, () => {
      assert.deepEqual(readImage(image), { version, isVendorBuild: false });
    });
  }
});

describe("an image of a vendor's", () => {
  for (const [image, version] of Object.entries(vendors)) {
    test(`"${image}" is ${version ?? "of unknown version"}`, () => {
      assert.deepEqual(readImage(image), { version, isVendorBuild: true });
    });
  }
});

test("any text is read without throwing", () => {
  fc.assert(fc.property(fc.string(), (text) => typeof readImage(text).isVendorBuild === "boolean"));
});
