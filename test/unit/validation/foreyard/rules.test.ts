import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { foreyardRules } from "../../../../src/mesh/validation/foreyard/rules.ts";
import { fill } from "../../../../src/mesh/message.ts";
import { pathText } from "../../../../src/mesh/yaml/fieldPath.ts";
import { ruleFixtures, worldOfFixture } from "../../../support/validation/ruleFixture.ts";
import { findingsOf, worldOf } from "../../../support/validation/worldOf.ts";

/** Of a code's firing example: severity and field of each finding, and what is related to the first. */
const expected: Readonly<Record<string, { readonly found: readonly string[]; readonly related?: string }>> = {
  FY1001: { found: ["warning metadata.name"], related: "reviews metadata.name" },
  FY1002: { found: ["warning spec.rules[0].matches[0].path.value"] },
  FY1003: { found: ["warning spec.rules[0].matches[0].path.value"] },
  FY1010: { found: ["warning spec.http[1].match[0]"], related: "reviews spec.http[0].match[0]" },
  FY1011: { found: ["warning spec.http[0].match[0]"], related: "front spec.http[0].match[0]" },
  FY1012: { found: ["warning spec.rules[1].matches[0]"], related: "reviews spec.rules[0].matches[0]" },
  FY1020: { found: ["hint spec.subsets[1].name"] },
  FY1030: { found: ["warning spec.hosts[0]"], related: "reviews-old spec.hosts[0]" },
  FY1031: { found: ["hint spec.hosts[0]"], related: "reviews spec.hosts" },
  FY1032: { found: ["warning spec.hosts[0]"], related: "reviews-route spec.parentRefs" },
  FY1033: { found: ["warning spec.http[0].delegate.name"] },
  FY1034: { found: ["warning spec.http[0]"], related: "root spec.http[0]" },
  FY1040: { found: ["warning spec.http[0].route[0].destination.host"], related: "reviews metadata.name" },
  FY1050: { found: ["warning spec.http[0].route[0].destination"] },
  FY1060: {
    found: ["warning spec.servers[0].port.protocol", "warning spec.servers[0].port.protocol"],
    related: "raw spec.servers[0].port.protocol",
  },
  FY1061: { found: ["warning spec.servers[0].hosts[0]"], related: "a spec.servers[0].hosts" },
  FY1070: { found: ["warning spec.containers[1].image"] },
  FY1071: { found: ['warning metadata.annotations["sidecar.istio.io/status"]'] },
  FY1080: {
    found: ["hint spec.servers[0].tls.credentialName", "hint spec.servers[0].tls.credentialName"],
    related: "b spec.servers[0].tls.credentialName",
  },
  FY1081: { found: ["warning spec.servers[0].tls.credentialNames[1]"] },
  FY1082: { found: ["warning spec.servers[0].tls.credentialName"], related: "shop-cert metadata.name" },
  FY1090: { found: ["warning spec.subsets[0].trafficPolicy.tls.mode"] },
  FY1091: { found: ["info spec.subsets[0].trafficPolicy.tls.insecureSkipVerify"] },
  FY1100: {
    found: ["error spec.template.spec.containers[0].env[0].value"],
    related: "istiod spec.template.spec.containers[0].env[0].value",
  },
  FY1101: { found: ["error spec.containers[1].env[0].value"] },
  FY1102: { found: ["warning metadata.name"] },
  FY1103: { found: ["error data.west"] },
  FY1104: { found: ["error data.west"] },
  FY1105: { found: ["warning metadata.name"] },
  FY1106: { found: ['error data["root-cert.pem"]'], related: 'istio-ca-root-cert data["root-cert.pem"]' },
  FY1110: { found: ["warning spec.metrics[0].overrides[0].tagOverrides.response_code"] },
  FY1111: { found: ["warning spec.configPatches[0].patch.value.typed_config.metrics[0].tags_to_remove[0]"] },
  FY1120: { found: ["warning spec.selector.matchLabels"] },
  FY1121: { found: ["warning spec.targetRefs[0].name"] },
  FY1122: { found: ["warning spec.url"] },
  FY1123: { found: ["warning spec.phase"] },
  FY1130: { found: ["warning status.listeners[0].conditions[0]"] },
  FY1131: { found: ["hint status.listeners[0].conditions[0]"] },
};

describe("the examples of Foreyard's own rules", () => {
  test("every code has its two examples and an expected place", () => {
    const codes = foreyardRules.flatMap((rule) => rule.codes.map(({ code }) => code)).sort();
    assert.deepEqual(Object.keys(expected).sort(), codes);
    for (const sort of [true, false]) {
      const shown = ruleFixtures().filter(({ code, isFiring }) => isFiring === sort && codes.includes(code));
      assert.deepEqual(
        shown.map(({ code }) => code),
        codes,
      );
    }
  });

  for (const fixture of ruleFixtures().filter(({ code, isFiring }) => isFiring && code in expected)) {
    test(`${fixture.code} is found at its field`, () => {
      const own = findingsOf(foreyardRules, worldOfFixture(fixture)).filter(({ info }) => info.code === fixture.code);
      const [first] = own;
      const related = first?.finding.related?.[0];
      assert.deepEqual(
        {
          found: own.map(({ info, finding }) => `${finding.severity ?? info.severity} ${pathText(finding.path)}`),
          ...(related === undefined ? {} : { related: `${related.object.name} ${pathText(related.path)}` }),
        },
        expected[fixture.code],
      );
    });
  }
});

/** The findings of a world of one file, as "CODE severity object path". */
function told(...documents: readonly string[]): readonly string[] {
  return findingsOf(foreyardRules, worldOf([{ name: "a.yaml", text: documents.join("---\n") }])).map(
    ({ info, finding, object }) =>
      `${info.code} ${finding.severity ?? info.severity} ${object.name} ${pathText(finding.path)}`,
  );
}

function virtualService(name: string, spec: string, metadata = ""): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop${metadata}}
spec: ${spec}
`;
}

function service(name: string, ports: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: {ports: ${ports}}
`;
}

const web = "[{name: http, port: 80}]";
const toReviews = "route: [{destination: {host: reviews}}]";

describe("unreachable routes", () => {
  test("a single match of a rule is told on its own", () => {
    const rules = `[{match: [{uri: {prefix: /a}}], ${toReviews}}, {match: [{uri: {prefix: /a/b}}, {uri: {prefix: /c}}], ${toReviews}}]`;
    assert.deepEqual(told(virtualService("reviews", `{hosts: [reviews], http: ${rules}}`)), [
      "FY1010 warning reviews spec.http[1].match[0]",
    ]);
  });

  test("what another match of the same rule takes is a hint, since it goes the same way", () => {
    const rules = `[{match: [{uri: {prefix: /a}}, {uri: {exact: /a/b}}], ${toReviews}}]`;
    assert.deepEqual(told(virtualService("reviews", `{hosts: [reviews], http: ${rules}}`)), [
      "FY1010 hint reviews spec.http[0].match[1]",
    ]);
  });

  test("a rule with a delegate hides nothing, since the delegate may leave requests over", () => {
    const rules = `[{match: [{uri: {prefix: /a}}], delegate: {name: other}}, {match: [{uri: {prefix: /a/b}}], ${toReviews}}]`;
    const delegate = virtualService("other", `{http: [{match: [{uri: {prefix: /a/c}}], ${toReviews}}]}`);
    assert.deepEqual(told(virtualService("reviews", `{hosts: [reviews], http: ${rules}}`), delegate), []);
  });
});

describe("several VirtualServices of a host", () => {
  const created = (year: number) => `, creationTimestamp: "${year}-01-01T00:00:00Z"`;
  const all = `{hosts: [reviews], http: [{${toReviews}}]}`;

  test("without creation times it is a hint that names what decides", () => {
    const found = told(service("reviews", web), virtualService("b", all), virtualService("a", all));
    assert.deepEqual(found, ["FY1030 hint b spec.hosts[0]"]);
  });

  test("one that applies to some sources only lets the next be used for others", () => {
    const some = `{hosts: [reviews], http: [{match: [{sourceLabels: {app: web}}], ${toReviews}}]}`;
    const found = told(
      service("reviews", web),
      virtualService("a", some, created(2024)),
      virtualService("b", all, created(2025)),
    );
    assert.deepEqual(found, []);
  });

  test("an older one that is exported to its own namespace alone captures nothing elsewhere", () => {
    const own = `{hosts: [reviews], exportTo: ["."], http: [{${toReviews}}]}`;
    const found = told(
      service("reviews", web),
      virtualService("a", all, created(2024)),
      virtualService("b", own, created(2025)),
    );
    assert.deepEqual(found, []);
  });
});

describe("hosts that look short", () => {
  test("a name that a ServiceEntry has is meant literally", () => {
    const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: reviews, namespace: shop}
spec: {hosts: [reviews.shop], ports: [{number: 80, name: http}], resolution: DNS}
`;
    const rule = virtualService(
      "reviews",
      `{hosts: [a.example.com], http: [{route: [{destination: {host: reviews.shop}}]}]}`,
    );
    assert.deepEqual(told(service("reviews", web), entry, rule), []);
  });

  test("an external name with one dot is no short name", () => {
    const rule = virtualService(
      "reviews",
      `{hosts: [example.com], http: [{route: [{destination: {host: example.org}}]}]}`,
    );
    assert.deepEqual(told(service("reviews", web), rule), []);
  });
});

describe("destinations without a port", () => {
  const gateway = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec: {selector: {istio: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
`;
  const atEdge = virtualService("reviews", `{hosts: [a.example.com], gateways: [edge], http: [{${toReviews}}]}`);

  test("a gateway finds the only port of a service", () => {
    assert.deepEqual(told(gateway, atEdge, service("reviews", "[{name: http, port: 9080}]")), []);
  });

  test("a gateway takes its own port of a service with several", () => {
    const two = "[{name: http, port: 9080}, {name: http-admin, port: 9081}]";
    assert.deepEqual(told(gateway, atEdge, service("reviews", two)), [
      "FY1050 warning reviews spec.http[0].route[0].destination",
    ]);
  });

  test("a port that only some of the host's ports lack is a hint", () => {
    const two = "[{name: http, port: 80}, {name: http-alt, port: 81}]";
    const rule = virtualService("reviews", `{hosts: [front], http: [{${toReviews}}]}`);
    assert.deepEqual(told(service("front", two), service("reviews", web), rule), [
      "FY1050 hint reviews spec.http[0].route[0].destination",
    ]);
  });
});

describe("ports of gateways", () => {
  const api = (namespace: string, listener: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: ${namespace}}
spec: {gatewayClassName: istio, listeners: [${listener}]}
`;
  const tcp = "{name: raw, port: 80, protocol: TCP}";
  const http = "{name: web, port: 80, protocol: HTTP}";

  test("an Istio Gateway that selects the pods of one of the Gateway API conflicts with its listeners", () => {
    const istio = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec:
  selector: {gateway.networking.k8s.io/gateway-name: edge}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
`;
    assert.deepEqual(told(istio, api("shop", tcp)), [
      "FY1060 warning web spec.servers[0].port.protocol",
      "FY1060 warning edge spec.listeners[0].protocol",
    ]);
  });

  test("Gateways of the Gateway API with one name in two namespaces have pods of their own", () => {
    assert.deepEqual(told(api("shop", tcp), api("stock", http)), []);
  });
});

test("no message tells what a Secret holds", () => {
  const secret = `apiVersion: v1
kind: Secret
metadata: {name: istio-remote-secret-west, namespace: istio-system, labels: {istio/multiCluster: "true"}}
stringData: {west: "users: [{user: {token: hush-hush}}]"}
`;
  const found = findingsOf(foreyardRules, worldOf([{ name: "a.yaml", text: secret }]));
  assert.deepEqual(
    found.map(({ info }) => info.code),
    ["FY1103"],
  );
  assert.ok(!JSON.stringify(found.map(({ finding }) => fill(finding.message))).includes("hush"));
});
