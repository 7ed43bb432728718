import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { load } from "js-yaml";
import { takesRequest, type MatchedRequest } from "../../../src/mesh/routing/httpMatch.ts";
import { meshGateway } from "../../../src/mesh/routing/gatewayNames.ts";
import { meshOwner, type AgedVirtualService } from "../../../src/mesh/routing/precedence.ts";
import { coveredMatches, readRoutingVirtualService } from "../../../src/mesh/routing/virtualService.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../../src/mesh/model/fields.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { foreyardRules } from "../../../src/mesh/validation/foreyard/rules.ts";
import { pathText } from "../../../src/mesh/yaml/fieldPath.ts";
import { objectsIn } from "../../../src/mesh/yaml/objectsIn.ts";
import { readYaml } from "../../../src/mesh/yaml/readYaml.ts";
import { corpusFolder, corpusText } from "../../support/corpus.ts";
import { findingsOf, worldOf } from "../../support/validation/worldOf.ts";

// What a real istiod and a real Envoy did with requests: shared/corpus/routing.

interface Outcome {
  readonly virtualHost?: string | null;
  readonly route?: string | null;
  readonly source?: { readonly kind: string; readonly namespace: string; readonly name: string } | null;
  readonly clusters?: readonly { readonly cluster: string; readonly missing?: boolean }[];
}

interface Asked {
  readonly from: {
    readonly kind: "sidecar" | "gateway";
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly port: number;
  readonly request?: {
    readonly method: string;
    readonly scheme: string;
    readonly authority: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly outcome: Outcome;
}

const folder = path.join(corpusFolder, "routing");
const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d/.test(name)) : [];
if (names.length === 0) console.log("Skipped 170 cases of the corpus routing: set FOREYARD_CORPUS to its folder.");

function readCase(name: string) {
  const meshFile = path.join(folder, name, "mesh.yaml");
  const mesh = existsSync(meshFile) ? load(readFileSync(meshFile, "utf8")) : {};
  const config = corpusText("routing", name, "config.yaml");
  const objects = readYaml(config).documents.flatMap((document) => objectsIn(document).map(({ object }) => object));
  const services: readonly AgedVirtualService[] = objects
    .filter(({ kind }) => kind === "VirtualService")
    .map((object) => ({
      service: readRoutingVirtualService(
        object,
        object.metadata.namespace ?? "",
        textsAt(mesh, "defaultVirtualServiceExportTo"),
      ),
      createdAt: Date.parse(object.metadata.creationTimestamp ?? ""),
    }));
  const requests = JSON.parse(corpusText("routing", name, "requests.json")) as readonly Asked[];
  return { mesh, config, objects, services, requests };
}

function isKnownHost(objects: readonly KubeObject[], host: string): boolean {
  return objects.some(({ kind, metadata, ...object }) => {
    if (kind === "Service") return `${metadata.name}.${metadata.namespace ?? ""}.svc.cluster.local` === host;
    return kind === "ServiceEntry" && textsAt(object["spec"], "hosts").includes(host);
  });
}

function requestOf({ request }: Asked): MatchedRequest | undefined {
  // What Envoy would normalize is not routing's part.
  if (request === undefined || /[%\\#]|\/\/|\/\.|^[^/]/.test(request.path)) return undefined;
  const [plain = "", query = ""] = request.path.split(/\?(.*)/s);
  const headers = new Map<string, readonly string[]>([
    [":path", [request.path]],
    [":method", [request.method]],
    [":authority", [request.authority]],
    [":scheme", [request.scheme]],
  ]);
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    headers.set(name.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  const params = new Map<string, string>();
  for (const pair of query.split("&").filter((one) => one !== "")) {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    if (!params.has(name)) params.set(name, value);
  }
  const isForwardedTls = headers.get("x-forwarded-proto")?.[0] === "https";
  const scheme = isForwardedTls ? "https" : request.scheme;
  return { method: request.method, scheme, authority: request.authority, path: plain, headers, query: params };
}

describe("what istiod and Envoy did", { skip: names.length === 0 }, () => {
  test("the VirtualService of a sidecar's virtual host is the one that owns it", () => {
    let seen = 0;
    for (const name of names) {
      const { objects, services, requests } = readCase(name);
      // Sidecar resources and routes of the Gateway API decide before VirtualServices do.
      if (objects.some(({ kind }) => kind === "Sidecar" || kind === "HTTPRoute" || kind === "GRPCRoute")) continue;
      for (const { from, outcome } of requests) {
        const { source, virtualHost } = outcome;
        if (from.kind !== "sidecar" || source?.kind !== "VirtualService" || typeof virtualHost !== "string") continue;
        const host = virtualHost.replace(/:\d+$/, "");
        // For other hosts only the VirtualServices count that have effect on the port.
        if (!isKnownHost(objects, host)) continue;
        const owner = meshOwner(host, from.namespace, services);
        assert.deepEqual([owner?.service.namespace, owner?.service.name], [source.namespace, source.name], name);
        seen++;
      }
    }
    assert.ok(seen > 800, `only ${seen} requests were compared`);
  });

  test("the first match that takes a sidecar's request is the route that Envoy took", () => {
    let seen = 0;
    for (const name of names) {
      const { objects, services, requests } = readCase(name);
      if (objects.some((object) => JSON.stringify(object).includes('"delegate":'))) continue;
      for (const asked of requests) {
        const { from, outcome, port } = asked;
        const { source, route } = outcome;
        const request = requestOf(asked);
        if (from.kind !== "sidecar" || source?.kind !== "VirtualService" || request === undefined) continue;
        const aged = services.find(
          (one) => one.service.namespace === source.namespace && one.service.name === source.name,
        );
        const object = objects.find(
          ({ kind, metadata }) =>
            kind === "VirtualService" && metadata.name === source.name && metadata.namespace === source.namespace,
        );
        const listener = { gateway: meshGateway, labels: from.labels, namespace: from.namespace, port };
        const first = aged?.service.http.find(({ match }) => takesRequest(match, request, listener));
        assert.ok(first !== undefined, `${name}: nothing takes ${JSON.stringify(asked.request)}`);
        const rule = listAt(fieldsAt(object, "spec"), "http")[first.rule];
        const matchName = first.index === undefined ? undefined : textAt(listAt(rule, "match")[first.index], "name");
        const ruleName = textAt(rule, "name") ?? "";
        assert.equal(matchName === undefined ? ruleName : `${ruleName}.${matchName}`, route ?? "", name);
        assert.ok(
          !coveredMatches(aged?.service ?? assert.fail()).some(
            ({ rule: at, index }) => at === first.rule && index === first.index,
          ),
          `${name}: rule ${first.rule} was called unreachable`,
        );
        seen++;
      }
    }
    assert.ok(seen > 700, `only ${seen} requests were compared`);
  });

  test("no rule that took a request is called unreachable", () => {
    let called = 0;
    for (const name of names) {
      const { config, mesh, objects, requests } = readCase(name);
      const found = findingsOf(foreyardRules, worldOf([{ name, text: config }], { meshConfig: mesh }));
      const dead = found.filter(({ info }) => ["FY1010", "FY1011"].includes(info.code));
      called += dead.length;
      for (const { outcome } of requests) {
        const { source, route } = outcome;
        if (source?.kind !== "VirtualService" || route == null || route === "") continue;
        const wrong = dead.find(({ object, finding }) => {
          if (object.name !== source.name || object.namespace !== source.namespace) return false;
          const virtualService = objects.find(
            ({ kind, metadata }) =>
              kind === "VirtualService" && metadata.name === object.name && metadata.namespace === object.namespace,
          );
          const rule = listAt(fieldsAt(virtualService, "spec"), "http")[Number(finding.path[2])];
          // Of several matches only those with a name of their own are told apart.
          const match = listAt(rule, "match")[Number(finding.path[4])];
          const names = [textAt(rule, "name"), textAt(match, "name")].filter((one) => one !== undefined);
          const isTold = listAt(rule, "match").length < 2 || names.length > 1;
          return isTold && names.join(".") === route;
        });
        assert.equal(wrong === undefined ? "" : pathText(wrong.finding.path), "", `${name}: ${route} took a request`);
      }
    }
    assert.ok(called > 20, `only ${called} routes were called unreachable`);
  });

  test("no VirtualService that is said to be captured took a request for the host at a sidecar", () => {
    let captured = 0;
    for (const name of names) {
      const { config, mesh, objects, requests } = readCase(name);
      // A Sidecar may hide the VirtualService that captures.
      if (objects.some(({ kind }) => kind === "Sidecar")) continue;
      const found = findingsOf(foreyardRules, worldOf([{ name, text: config }], { meshConfig: mesh }));
      const warned = found.filter(
        ({ info, finding }) =>
          ["FY1030", "FY1032"].includes(info.code) && (finding.severity ?? info.severity) === "warning",
      );
      captured += warned.length;
      for (const { object, finding } of warned) {
        const said = textsAt(fieldsAt(object.object, "spec"), "hosts")[Number(finding.path[2])] ?? "";
        const host = said.includes(".") ? said : `${said}.${object.namespace}.svc.cluster.local`;
        const took = requests.find(
          ({ from, outcome }) =>
            from.kind === "sidecar" &&
            outcome.source?.kind === "VirtualService" &&
            outcome.source.name === object.name &&
            outcome.source.namespace === object.namespace &&
            outcome.virtualHost?.replace(/:\d+$/, "") === host,
        );
        assert.equal(took, undefined, `${name}: ${object.name} at ${host}`);
      }
    }
    assert.ok(captured > 20, `only ${captured} were said to be captured`);
  });

  test("a delegate's rule that is said to be left out never took a request", () => {
    let seen = 0;
    for (const name of names) {
      const { config, mesh, objects, requests } = readCase(name);
      const found = findingsOf(foreyardRules, worldOf([{ name, text: config }], { meshConfig: mesh }));
      const leftOut = found.filter(({ info }) => info.code === "FY1034");
      for (const { object, finding } of leftOut) {
        const spec = fieldsAt(
          objects.find(
            ({ kind, metadata }) =>
              kind === "VirtualService" && metadata.name === object.name && metadata.namespace === object.namespace,
          ),
          "spec",
        );
        const rule = textAt(listAt(spec, "http")[Number(finding.path[2])], "name") ?? "";
        const took = requests.find(({ outcome }) => outcome.route?.split(".")[0]?.endsWith(`-${rule}`) === true);
        assert.equal(took, undefined, `${name}: ${object.name} ${rule}`);
        seen++;
      }
    }
    assert.ok(seen > 0, "no rule was left out");
  });

  test("a destination without a port that is said to miss has no cluster", () => {
    let seen = 0;
    for (const name of names) {
      const { config, mesh, objects, requests } = readCase(name);
      const found = findingsOf(foreyardRules, worldOf([{ name, text: config }], { meshConfig: mesh }));
      const misses = found.filter(
        ({ info, finding }) => info.code === "FY1050" && (finding.severity ?? info.severity) === "warning",
      );
      for (const { object, finding } of misses) {
        const spec = fieldsAt(
          objects.find(
            ({ kind, metadata }) =>
              kind === "VirtualService" && metadata.name === object.name && metadata.namespace === object.namespace,
          ),
          "spec",
        );
        const rule = fieldsOf(listAt(spec, "http")[Number(finding.path[2])]);
        for (const { outcome } of requests) {
          const isIts = outcome.source?.name === object.name && outcome.source.namespace === object.namespace;
          if (!isIts || textAt(rule, "name") !== outcome.route?.split(".")[0] || finding.path[3] !== "route") continue;
          const host =
            textAt(fieldsAt(fieldsOf(listAt(rule, "route")[Number(finding.path[4])]), "destination"), "host") ?? "";
          const cluster = outcome.clusters?.find(
            (one) => one.cluster.split("|")[3]?.split(".")[0] === host.split(".")[0],
          );
          assert.equal(cluster?.missing ?? cluster === undefined, true, `${name}: ${pathText(finding.path)}`);
          seen++;
        }
      }
    }
    console.log(`${seen} requests to destinations without a port were compared`);
  });
});
