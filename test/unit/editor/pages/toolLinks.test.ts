import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  prometheusAddress,
  toolAddress,
  webAddress,
  type LinkSubject,
} from "../../../../src/editor/pages/toolLinks.ts";

const reviews: LinkSubject = {
  kind: "service",
  cluster: "eu",
  isOneOfSeveral: false,
  namespace: "shop",
  name: "reviews",
  fromMillis: Date.UTC(2026, 0, 1, 12, 0, 0),
  toMillis: Date.UTC(2026, 0, 1, 12, 5, 0),
};

const none = { prometheusLink: "", grafanaLink: "", kialiLink: "", jaegerLink: "" };

describe("prometheusAddress", () => {
  it("opens the query as a graph over the window, up to its end", () => {
    assert.equal(
      prometheusAddress("https://prom.test/base/", 'sum(rate(x{a="b"}[1m]))', reviews),
      "https://prom.test/base/graph?g0.expr=sum%28rate%28x%7Ba%3D%22b%22%7D%5B1m%5D%29%29&g0.tab=0" +
        "&g0.range_input=300s&g0.end_input=2026-01-01+12%3A05%3A00",
    );
  });

  for (const base of [undefined, "", "Prometheus monitoring/prometheus", "ftp://prom.test", "http://u:p@prom.test"]) {
    it(`gives none for ${base === undefined ? "no address" : `"${base}"`}`, () => {
      assert.equal(prometheusAddress(base, "up", reviews), undefined);
    });
  }
});

describe("toolAddress", () => {
  it("fills a pattern's places in, each escaped, times in milliseconds for Grafana", () => {
    const grafanaLink = "https://g.test/d/abc?var-service={name}.{namespace}&from={from}&to={to}&x={other}";
    assert.equal(
      toolAddress("grafana", { ...none, grafanaLink }, { ...reviews, name: "a&b" }),
      "https://g.test/d/abc?var-service=a%26b.shop&from=1767268800000&to=1767269100000&x={other}",
    );
  });

  it("opens Kiali's page of a service, a workload and a namespace", () => {
    const settings = { ...none, kialiLink: "https://k.test/kiali/" };
    const of = (kind: LinkSubject["kind"]) => toolAddress("kiali", settings, { ...reviews, kind });
    assert.deepEqual(
      [of("service"), of("workload"), of("namespace")],
      [
        "https://k.test/kiali/console/namespaces/shop/services/reviews",
        "https://k.test/kiali/console/namespaces/shop/workloads/reviews",
        "https://k.test/kiali/console/graph/namespaces?namespaces=shop",
      ],
    );
  });

  it("tells Kiali the cluster where several are connected, and where it has a name", () => {
    const settings = { ...none, kialiLink: "https://k.test" };
    const of = (subject: Partial<LinkSubject>) =>
      toolAddress("kiali", settings, { ...reviews, isOneOfSeveral: true, ...subject });
    assert.deepEqual(
      [of({ cluster: "a&b" }), of({ kind: "namespace" }), of({ cluster: "" })],
      [
        "https://k.test/console/namespaces/shop/services/reviews?clusterName=a%26b",
        "https://k.test/console/graph/namespaces?namespaces=shop&clusterName=eu",
        "https://k.test/console/namespaces/shop/services/reviews",
      ],
    );
  });

  it("searches Jaeger for the spans of a service in the window, in microseconds", () => {
    assert.equal(
      toolAddress("jaeger", { ...none, jaegerLink: "https://j.test" }, reviews),
      "https://j.test/search?service=reviews.shop&start=1767268800000000&end=1767269100000000&limit=20",
    );
  });

  it("has no address for a namespace in Jaeger, and for no tool that is not set", () => {
    const namespace = { ...reviews, kind: "namespace" as const };
    assert.equal(toolAddress("jaeger", { ...none, jaegerLink: "https://j.test" }, namespace), undefined);
    for (const tool of ["grafana", "kiali", "jaeger"] as const)
      assert.equal(toolAddress(tool, none, reviews), undefined);
  });

  it("lets no name leave its place in an address", () => {
    const settings = { ...none, kialiLink: "https://k.test" };
    const hostile = { ...reviews, namespace: "../../evil", name: "a/../../b?x#y" };
    const address = new URL(toolAddress("kiali", settings, hostile) ?? "");
    assert.equal(address.origin, "https://k.test");
    assert.equal(address.pathname, "/console/namespaces/..%2F..%2Fevil/services/a%2F..%2F..%2Fb%3Fx%23y");
  });
});

describe("webAddress", () => {
  for (const text of [
    "javascript:alert(1)",
    "command:foreyard.refresh",
    "file:///etc/passwd",
    "vscode://x",
    "nonsense",
  ]) {
    it(`refuses ${text}`, () => assert.equal(webAddress(text), undefined));
  }
});
