import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { doctorReport, type DoctorFacts } from "../../../src/mesh/doctor/doctorReport.ts";
import { createFormat } from "../../../src/mesh/format/format.ts";
import type { ContextFacts } from "../../../src/mesh/live/doctorFacts.ts";
import type { ClusterStatus } from "../../../src/mesh/live/liveMesh.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { fill, say } from "../../../src/mesh/message.ts";
import { hostileNames } from "../explorer/anyWorld.ts";
import { aCluster, aMesh, aStatus, now, someCapabilities } from "../explorer/aWorld.ts";

function someFacts(over: Partial<DoctorFacts> = {}): DoctorFacts {
  return {
    takenAt: now,
    surroundings: { Foreyard: "0.1.0", "Node.js": "v24.0.0" },
    kubeconfig: {
      files: ["/home/ada/.kube/config"],
      currentContext: "prod-eu",
      contexts: ["prod-eu", "prod-us"],
      problems: [],
    },
    clusters: [aStatus()],
    meshes: [aMesh()],
    contexts: [someContext()],
    ...over,
  };
}

function someContext(over: Partial<ContextFacts> = {}): ContextFacts {
  return {
    context: "prod-eu",
    steps: [{ tried: say("Ask who the cluster is"), millis: 12.4, found: say("v1.36.0"), error: undefined }],
    access: [{ question: { verb: "list", group: "apps", resource: "deployments" }, isAllowed: true }],
    ...over,
  };
}

function reportOn(over: Partial<DoctorFacts> = {}): string {
  return doctorReport(someFacts(over), createFormat("en"), fill);
}

/** What stands after a name; undefined where there is no such line. */
function lineOf(name: string, report: string): string | undefined {
  const start = `- **${name}**: `;
  return report
    .split("\n")
    .find((line) => line.startsWith(start))
    ?.slice(start.length);
}

describe("the doctor's report", () => {
  it("has its sections in the order one would ask", () => {
    assert.deepEqual(
      reportOn()
        .split("\n")
        .filter((line) => line.startsWith("#")),
      [
        "# Foreyard: Doctor",
        "## Versions",
        "## Kubeconfig",
        "## Cluster prod-eu",
        "### Way to prod-eu",
        "### Rights in prod-eu",
        "### Numbers of prod-eu",
      ],
    );
  });

  it("tells each step with its time and what came of it", () => {
    const error = new MeshError("timeout", say("{0} did not answer.", "10.0.0.1"), { hint: say("Is the VPN on?") });
    const steps = [
      { tried: say("Ask who the cluster is"), millis: 12.4, found: say("v1.36.0"), error: undefined },
      { tried: say("List its kinds"), millis: 5000, found: undefined, error },
    ];
    const lines = reportOn({ contexts: [someContext({ steps })] }).split("\n");
    assert.deepEqual(
      [
        "- **✓ Ask who the cluster is**: v1.36.0 (12 ms)",
        "- **✗ List its kinds**: 10.0.0.1 did not answer. (5000 ms) Is the VPN on?",
      ].filter((line) => !lines.includes(line)),
      [],
    );
  });

  it("tells apart what is allowed, refused and not known", () => {
    const question = { verb: "list", group: "", resource: "pods", namespace: "shop" };
    const access = [true, false, undefined].map((isAllowed) => ({ question, isAllowed }));
    const lines = reportOn({ contexts: [someContext({ access })] })
      .split("\n")
      .filter((line) => line.includes("can-i"));
    assert.deepEqual(
      lines.map((line) => line.replace(/kubectl.*\*\*/, "…**")),
      ["- **✓ …**: allowed", "- **✗ …**: refused", "- **? …**: unknown"],
    );
  });

  it("says in one line each what the metrics store holds and which names were looked for", () => {
    const capabilities = someCapabilities({ tcp: { present: false, lookedFor: ["istio_tcp_sent_bytes_total"] } });
    const report = reportOn({ clusters: [aStatus({ telemetry: { capabilities } })] });
    assert.ok(report.includes("- **TCP**: no, looked for istio\\_tcp\\_sent\\_bytes\\_total\n"));
  });

  it("names what could not be read", () => {
    const unread = [
      { namespace: "shop", error: new MeshError("forbidden", say("Cannot list {0}: forbidden.", "pods")) },
    ];
    assert.ok(
      reportOn({ meshes: [aMesh([aCluster({ unread })])] }).includes(
        "- **✗ Cannot read in shop**: Cannot list pods: forbidden.\n",
      ),
    );
  });

  describe("of what was not asked", () => {
    const noAnswer = new MeshError("unreachable", say("10.0.0.1 did not answer."));
    const refused = new MeshError("unauthorized", say("Sign in again."));
    const nothingYet = { state: "unknown", sourceLabel: undefined, capabilities: undefined } as const;
    const tried = (error: MeshError) =>
      someContext({ steps: [{ tried: say("Reach it"), millis: 1, found: undefined, error }], access: [] });
    const failed = (state: ClusterStatus["state"], error: MeshError) =>
      reportOn({
        clusters: [aStatus({ state, error, key: undefined, telemetry: nothingYet })],
        meshes: [],
        contexts: [tried(error)],
      });
    const sourceOf = (state: ClusterStatus["state"], telemetry: Partial<ClusterStatus["telemetry"]> = {}) =>
      lineOf("Source", reportOn({ clusters: [aStatus({ state, telemetry: { ...nothingYet, ...telemetry } })] }));

    it("says that an unreachable cluster was not asked for rights, nor for its metrics store", () => {
      const report = failed("unreachable", noAnswer);
      const words = "not asked: the cluster did not answer";
      assert.deepEqual([lineOf("? Rights", report), lineOf("Source", report)], [words, words]);
      assert.doesNotMatch(report, /nothing|none found/);
    });

    it("says that a cluster that refused the sign-in was not asked", () => {
      const report = failed("unauthorized", refused);
      const words = "not asked: the cluster refused the sign-in";
      assert.deepEqual([lineOf("? Rights", report), lineOf("Source", report)], [words, words]);
    });

    it("gives no reason for rights that were not asked for where it knows of none", () => {
      const report = reportOn({ contexts: [tried(new MeshError("misconfigured", say("No such user.")))] });
      assert.equal(lineOf("? Rights", report), "not asked");
    });

    it("does not call a store missing before it was looked for", () => {
      assert.equal(sourceOf("connecting"), "not known yet");
      assert.equal(sourceOf("otherCluster"), "not asked: the context leads to another cluster");
    });

    it("does not call a store missing when looking for it failed", () => {
      assert.equal(sourceOf("ready", { state: "error", error: noAnswer }), "unknown");
    });

    it("calls a store missing when it was looked for in vain", () => {
      assert.equal(sourceOf("ready", { state: "none" }), "none found");
    });

    const none = { inMesh: 0, all: 0 };
    const empty = { services: none, workloads: none };
    const countsIn = (state: ClusterStatus["state"], over: Parameters<typeof aCluster>[0] = {}) => {
      const meshes = [aMesh([aCluster({ counts: empty, unread: [], ...over })])];
      const report = reportOn({ clusters: [aStatus({ state })], meshes });
      return [lineOf("Services", report), lineOf("Workloads", report)];
    };

    it("counts no services where they were not listed, or not all of them", () => {
      assert.deepEqual(countsIn("connecting"), ["unknown", "unknown"]);
      assert.deepEqual(countsIn("unreachable"), ["unknown", "unknown"]);
      const unread = [{ namespace: undefined, error: new MeshError("forbidden", say("Cannot list services.")) }];
      assert.deepEqual(countsIn("ready", { unread }), ["unknown", "unknown"]);
    });

    it("counts none where all were listed and there are none", () => {
      assert.deepEqual(countsIn("noIstio"), ["0 of 0 in mesh", "0 of 0 in mesh"]);
    });

    it("does not say that an unreadable kubeconfig holds no contexts", () => {
      const kubeconfig = { files: ["a"], currentContext: undefined, contexts: [], problems: [say("a is no YAML.")] };
      const report = reportOn({ kubeconfig });
      const words = "none that could be read";
      assert.deepEqual([lineOf("Contexts", report), lineOf("Current context", report)], [words, words]);
      assert.equal(lineOf("Contexts", reportOn({ kubeconfig: { ...kubeconfig, problems: [] } })), "none");
    });
  });

  it("reads the same when it is written again", () => {
    assert.equal(reportOn(), reportOn());
  });
});

describe("hostile text in the doctor's report", () => {
  for (const name of hostileNames) {
    it(`adds no line, markup or direction: ${JSON.stringify(name.slice(0, 24))}`, () => {
      const report = reportOn({ surroundings: { [name]: name }, clusters: [aStatus({ context: name })] });
      const plain = reportOn({ surroundings: { x: "x" }, clusters: [aStatus({ context: "x" })] });
      assert.equal(report.split("\n").length, plain.split("\n").length);
      assert.doesNotMatch(report, /(?<!\\)[<`[\]]|[\u202a-\u202e\u2066-\u2069]/u);
    });
  }
});

describe("secrets in the doctor's report", () => {
  const letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
  const secret = fc
    .string({ unit: fc.constantFrom(...letters), minLength: 16, maxLength: 40 })
    .map((body) => `s3cR${body}`);
  const disguises: readonly ((secret: string) => string)[] = [
    (s) => `https://ada:${s}@proxy.example:3128/`,
    (s) => `Authorization: Bearer ${s}`,
    (s) => `the server refused token=${s}, try again`,
    (s) => `{"password":"${s}"}`,
    (s) => `eyJhbGciOi_${s}.${s}.${s}`,
    (s) => `-----BEGIN RSA PRIVATE KEY-----\n${s}\n-----END RSA PRIVATE KEY-----`,
    (s) => `client-key-data: ${s}`,
  ];
  const disguised = fc
    .tuple(secret, fc.constantFrom(...disguises))
    .map(([body, disguise]) => ({ body, text: disguise(body) }));

  it("do not survive, wherever they come from", () => {
    fc.assert(
      fc.property(disguised, ({ body, text }) => {
        const error = new MeshError("unauthorized", say("Asked: {0}", text), { hint: say("Look at {0}", text) });
        const report = reportOn({
          surroundings: { HTTPS_PROXY: text, [text]: text },
          kubeconfig: { files: [text], currentContext: text, contexts: [text], problems: [say("In {0}", text)] },
          clusters: [
            aStatus({
              error,
              telemetry: {
                sourceLabel: text,
                error,
                capabilities: someCapabilities({ warnings: [text] }),
                steps: [{ tried: say("At {0}", text), answer: say("Got {0}", text), found: false }],
              },
            }),
          ],
          meshes: [
            aMesh([
              aCluster({
                unread: [{ namespace: text, error }],
                problems: [{ severity: "error", words: say("{0}", text) }],
              }),
            ]),
          ],
          contexts: [someContext({ steps: [{ tried: say("{0}", text), millis: 1, found: undefined, error }] })],
        });
        const bare = report.replaceAll("\\", "");
        return !bare.includes(body) && !bare.includes(body.slice(0, 16));
      }),
    );
  });

  it("do not survive where only their name tells that they are secrets", () => {
    const report = reportOn({ surroundings: { password: "hunter2hunter2", Authorization: "Basic YWRhOmh1bnRlcjI=" } });
    assert.doesNotMatch(report, /hunter2|YWRhOmh1bnRlcjI/);
  });
});
