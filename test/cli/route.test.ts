import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { runCommand } from "../../src/cli/runCommand.ts";
import { fill } from "../../src/mesh/message.ts";
import { corpusFolder } from "../support/corpus.ts";
import { readRoutingCase, routingCaseNames } from "../support/routingCorpus.ts";

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: readonly string[];
}

async function route(...args: readonly string[]): Promise<Ran> {
  let out = "";
  const notes: string[] = [];
  const code = await runCommand(
    ["route", ...args],
    {
      isColoured: false,
      columns: undefined,
      locale: "en",
      print: (text) => {
        out += text;
        return Promise.resolve();
      },
      note: (message) => void notes.push(fill(message)),
      fail: ({ words }) => void notes.push(fill(words)),
    },
    { error: () => undefined, info: () => undefined, debug: () => undefined },
    new AbortController().signal,
  );
  return { code, out, notes };
}

const manifest = `apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec:
  clusterIP: 10.1.0.1
  ports: [{ name: http, port: 8080 }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
  - name: canary
    match:
    - headers: { x-user: { exact: jason } }
    route: [{ destination: { host: reviews, subset: v2 } }]
  - name: rest
    route: [{ destination: { host: reviews } }]
`;

describe("foreyard route", () => {
  let folder = "";
  let file = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "foreyard-route-"));
    file = path.join(folder, "mesh.yaml");
    writeFileSync(file, manifest);
  });
  after(() => rmSync(folder, { recursive: true }));
  const asked = ["--from", "sidecar:shop", "--port", "8080", "--authority", "reviews", "--path", "/"];

  it("tells the route that takes a request, and of each rule before it the first reason why not, with its line", async () => {
    const { code, out, notes } = await route(file, ...asked, "-H", "x-user: anna");
    assert.deepEqual([code, notes], [0, []]);
    assert.match(out, /status: 200\n {2}route: rest of VirtualService shop\/reviews\n/u);
    assert.match(
      out,
      /- VirtualService shop\/reviews rule 0 \(canary\): header x-user: anna is not jason \[.*mesh\.yaml:16\]/u,
    );
    assert.match(out, /\+ VirtualService shop\/reviews rule 1 \(rest\): takes the request \[.*mesh\.yaml:18\]/u);
  });

  it("tells a destination that the proxy does not know, as a subset that no DestinationRule has", async () => {
    const { out } = await route(file, ...asked, "-H", "x-user: jason");
    assert.match(out, /status: 503 \(cluster_not_found\)/u);
    assert.match(out, /outbound\|8080\|v2\|reviews\.shop\.svc\.cluster\.local 100 %, which the proxy does not know/u);
  });

  it("prints one object for one request, and a list in the same order for many", async () => {
    const one = JSON.parse((await route(file, ...asked, "--format", "json")).out) as { route: string };
    assert.equal(one.route, "rest");
    const requests = path.join(folder, "requests.json");
    const from = { kind: "sidecar", namespace: "shop", labels: {} };
    const request = { method: "GET", scheme: "http", authority: "reviews", path: "/", headers: {} };
    const entries = [
      { from, port: 9999, request },
      { from, port: 8080, request },
    ];
    writeFileSync(requests, JSON.stringify(entries));
    const many = JSON.parse((await route(file, "--requests", requests, "--format", "json")).out) as { route: string }[];
    assert.deepEqual(
      many.map((answer) => answer.route),
      [null, "rest"],
    );
  });

  for (const [what, args, said] of [
    ["no --from", ["--authority", "a"], /needs to know from where/u],
    ["no --authority", ["--from", "sidecar:shop"], /needs to know the host/u],
    ["a gateway without labels", ["--from", "gateway:shop", "--authority", "a"], /--from gateway:shop is neither/u],
    ["a header without a colon", [...asked, "-H", "x"], /--header x is no 'name: value'/u],
    ["a port out of range", ["--from", "sidecar:a", "--authority", "a", "--port", "70000"], /--port 70000 is no/u],
  ] as const) {
    it(`refuses ${what} with one sentence and exit code 2`, async () => {
      const { code, notes } = await route(file, ...args);
      assert.equal(code, 2);
      assert.match(notes.join("\n"), said);
    });
  }

  it("says which entry of a requests file is wrong, and why", async () => {
    const requests = path.join(folder, "wrong.json");
    const from = { kind: "sidecar", namespace: "shop" };
    writeFileSync(
      requests,
      JSON.stringify([
        { from, port: 80, request: { authority: "a" } },
        { from, port: 0 },
      ]),
    );
    const { code, notes } = await route(file, "--requests", requests);
    assert.equal(code, 2);
    assert.match(notes.join("\n"), /\[1\]: port is no whole number from 1 to 65535/u);
  });

  it("takes escape sequences in names for text", async () => {
    const hostile = path.join(folder, "hostile.yaml");
    writeFileSync(hostile, manifest.replace("name: canary", String.raw`name: "a\e[31mb"`));
    const { out } = await route(hostile, ...asked);
    assert.ok(!out.includes("\u001B"), out);
  });

  it("answers the routing corpus as Envoy did", async (t) => {
    const names = routingCaseNames().filter((_, index) => index % 20 === 0);
    if (names.length === 0) {
      t.skip("the routing corpus is absent");
      return;
    }
    for (const name of names) {
      const at = path.join(corpusFolder, "routing", name);
      const meshConfig = readRoutingCase(name).meshConfig === undefined ? [] : ["--mesh-config", `${at}/mesh.yaml`];
      const requests = ["--requests", `${at}/requests.json`, "--format", "json"];
      const { out } = await route(`${at}/config.yaml`, ...requests, ...meshConfig);
      const answers = JSON.parse(out) as { explanation: unknown }[];
      const outcomes = answers.map(({ explanation, ...outcome }) => {
        assert.ok(Array.isArray(explanation));
        return outcome;
      });
      assert.deepEqual(
        outcomes,
        readRoutingCase(name).requests.map(({ outcome }) => outcome),
        name,
      );
    }
  });
});
