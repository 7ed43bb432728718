import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterStatus, LiveMesh } from "../../../src/mesh/live/liveMesh.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import "./support/useFakeVscode.ts";

const { doctorReport } = await import("../../../src/editor/doctor.ts");
const { nothingYet } = await import("../../../src/editor/situation.ts");

const noContexts = { files: ["/home/me/.kube/config"], currentContext: undefined, contexts: [], problems: [] };
const facts = {
  ...{ versions: { Foreyard: "0.1.0" }, contexts: noContexts, situation: nothingYet, live: undefined, tried: [] },
  now: new Date(0),
};

const cluster: ClusterStatus = {
  context: "prod-eu",
  key: "uid",
  state: "ready",
  error: undefined,
  telemetry: {
    ...{ state: "none", sourceLabel: undefined, capabilities: undefined, measuredAt: undefined, provenance: [] },
    steps: [
      { tried: say("The address in the settings"), answer: say("It answered {0}.", 401), found: false },
      { tried: say("Service {0}", "monitoring/prometheus"), answer: say("It answers."), found: true },
    ],
    error: undefined,
  },
};

/** As much of a mesh as the Doctor reads. */
const live = { clusters: [cluster], meshes: [] } as unknown as LiveMesh;

test("O4: a window that is not connected still tells versions and where kubeconfigs were looked for", () => {
  const report = doctorReport(facts);
  assert.match(report, /^# Foreyard: Doctor\n\n1970-01-01T00:00:00\.000Z\n/);
  assert.match(report, /- \*\*Foreyard\*\*: 0\.1\.0\n/);
  assert.match(report, /\/home\/me\/\.kube\/config/);
  assert.match(report, /This window is not connected\./);
});

test("O4: each step of looking for Prometheus stands there with its answer", () => {
  const report = doctorReport({ ...facts, live });
  assert.match(report, /✗ The address in the settings\*\*: It answered 401\./);
  assert.match(report, /✓ Service monitoring\/prometheus\*\*: It answers\./);
});

test("O4: what was tried on a context stands there with its time, and rights as kubectl would be asked", () => {
  const error = new MeshError("forbidden", say("Forbidden."), { hint: say("Ask for the right.") });
  const question = { verb: "list", group: "networking.istio.io", resource: "virtualservices", namespace: "shop" };
  const tried = {
    context: "prod-eu",
    steps: [
      { tried: say("Reach the API server"), millis: 12.4, found: say("Kubernetes {0}", "v1.36.3"), error: undefined },
      { tried: say("Ask which kinds it has"), millis: 3, found: undefined, error },
    ],
    access: [{ question, isAllowed: false }],
  };
  const report = doctorReport({ ...facts, live, tried: [tried] });
  assert.match(report, /✓ Reach the API server\*\*: Kubernetes v1\.36\.3 \(12 ms\)/);
  assert.match(report, /✗ Ask which kinds it has\*\*: Forbidden\. Ask for the right\. \(3 ms\)/);
  assert.match(report, /✗ kubectl auth can-i list virtualservices\.networking\.istio\.io -n shop\*\*: refused/);
});

test("O4: secrets that a server or a file put into a text are removed", () => {
  const problems = [say("{0} failed", "https://me:hunter2@10.0.0.1 with Authorization: Bearer abc.def.ghi")];
  const report = doctorReport({ ...facts, contexts: { ...noContexts, problems } });
  assert.doesNotMatch(report, /hunter2|abc\.def\.ghi/);
});

test("O4: text from outside cannot become HTML, a link or a heading of the report", () => {
  const hostile = "<img src=x>\n# Heading\n[link](command:evil)";
  const report = doctorReport({ ...facts, contexts: { ...noContexts, problems: [say("{0}", hostile)] } });
  assert.doesNotMatch(report, /(?<!\\)<img|^# Heading|(?<!\\)\[link/m);
});

test("O4: names of metrics stay as they are", () => {
  const report = doctorReport({
    ...facts,
    contexts: { ...noContexts, problems: [say("{0}", "istio_requests_total")] },
  });
  assert.match(report, /istio_requests_total/);
});
