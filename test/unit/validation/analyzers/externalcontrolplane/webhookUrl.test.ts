import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hostOf } from "../../../../../src/mesh/validation/analyzers/externalcontrolplane/externalControlPlane.ts";

describe("the host of a webhook's URL", () => {
  const hosts: readonly (readonly [url: string, host: string | undefined])[] = [
    ["https://istiod.example.com:15017/inject", "istiod.example.com"],
    ["https://10.0.0.1/inject", "10.0.0.1"],
    ["https://[::1]:15017/inject", "::1"],
    ["https://user@10.0.0.1/", "10.0.0.1"],
    ["istiod.example.com/inject", ""],
    ["https://istiod:port/inject", undefined],
    ["://istiod/inject", undefined],
    ["https://a b/inject", undefined],
    ["https://istiod/%zz", undefined],
    ["1https://istiod/", undefined],
    ["https://[::1/", undefined],
  ];
  for (const [url, host] of hosts) {
    test(`${url} has ${host === undefined ? "none, for it does not parse" : `"${host}"`}`, () => {
      assert.equal(hostOf(url), host);
    });
  }
});
