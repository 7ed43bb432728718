import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { isIpAddress, isIpSubnet } from "../../../../src/mesh/validation/values/addresses.ts";
import {
  isFqdn,
  isHttpToken,
  isOutboundSni,
  isTrustDomain,
  isWildcardDomain,
} from "../../../../src/mesh/validation/values/names.ts";
import { webhookRules } from "../../../../src/mesh/validation/webhook/rules.ts";
import { corpusFolder } from "../../../support/corpus.ts";
import { findingsOf, worldOf } from "../../../support/validation/worldOf.ts";

interface Vector {
  readonly rule: string;
  readonly input: unknown;
  readonly valid: boolean;
  readonly sni?: boolean;
}

const file = path.join(corpusFolder, "schema/vectors.json");
const vectors = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Vector[]) : [];
if (vectors.length === 0) console.log("Skipped 87 vectors of the corpus schema: set FOREYARD_CORPUS to its folder.");

/** True if the webhook has nothing against an object. JSON is YAML. */
function accepts(kind: string, spec: unknown): boolean {
  const object = { apiVersion: "networking.istio.io/v1", kind, metadata: { name: "a", namespace: "b" }, spec };
  const found = findingsOf(webhookRules, worldOf([{ name: "a.yaml", text: JSON.stringify(object) }]));
  return !found.some(({ info }) => info.severity === "error");
}

const route = [{ destination: { host: "a" } }];
const http = (rule: object): object => ({ hosts: ["a"], gateways: ["b/c"], http: [{ route, ...rule }] });

/** The smallest object, or the function, that a rule's input decides. */
const judges: Readonly<Record<string, (input: unknown, vector: Vector) => boolean>> = {
  ValidateFQDN: (input) => isFqdn(String(input)),
  ValidateWildcardDomain: (input) => isWildcardDomain(String(input)),
  ValidateWildcardDomainForVirtualServiceBoundToGateway: (input, { sni }) => {
    const text = String(input);
    return sni === true && text.startsWith("outbound_") ? isOutboundSni(text) : isWildcardDomain(text);
  },
  ValidateTrustDomain: (input) => isTrustDomain(String(input)),
  ValidateIPAddress: (input) => isIpAddress(String(input)),
  ValidateIPSubnet: (input) => isIpSubnet(String(input)),
  ValidateHTTPHeaderValue: (input) =>
    accepts("VirtualService", http({ headers: { request: { set: { "x-a": input } } } })),
  ValidateHTTPHeaderNameOrJwtClaimRoute: (input) =>
    accepts("VirtualService", http({ match: [{ headers: { [String(input)]: { exact: "a" } } }] })),
  ValidateStrictHTTPHeaderName: (input) => isHttpToken(String(input)),
  ValidatePortName: (input) => accepts("WorkloadEntry", { address: "1.2.3.4", ports: { [String(input)]: 80 } }),
  validateHTTPStatus: (input) =>
    accepts("VirtualService", { hosts: ["a"], gateways: ["b/c"], http: [{ directResponse: { status: input } }] }),
  validateLocalities: (input) =>
    accepts("DestinationRule", {
      host: "a",
      trafficPolicy: {
        outlierDetection: {},
        loadBalancer: {
          localityLbSetting: { distribute: (input as string[]).map((from) => ({ from, to: { "*": 100 } })) },
        },
      },
    }),
};

describe("Istio's vectors of single values", () => {
  for (const [at, vector] of vectors.entries()) {
    const { rule, input, valid } = vector;
    test(`${rule} ${valid ? "takes" : "refuses"} #${at} ${JSON.stringify(input).slice(0, 60)}`, () => {
      const judge = judges[rule];
      assert.ok(judge, `Nothing judges ${rule}.`);
      assert.equal(judge(input, vector), valid);
    });
  }
});
