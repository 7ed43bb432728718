import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { say } from "../../../../src/mesh/message.ts";
import { WorkspaceCheck } from "../../../../src/mesh/validation/engine/workspaceCheck.ts";
import { kinds } from "../../../../src/mesh/validation/kinds.ts";
import type { Rule } from "../../../../src/mesh/validation/rule.ts";
import type { Severity } from "../../../../src/mesh/validation/finding.ts";
import { testSettings } from "../../../support/validation/worldOf.ts";
import { gatewayRule, info, sameHostRule } from "./testRules.ts";

interface Options {
  readonly isEditor?: boolean;
  readonly chosen?: (code: string) => Severity | "off" | undefined;
  readonly overlay?: { readonly key: string; readonly context: string };
}

function checkOf(rules: readonly Rule[], { isEditor = false, chosen = () => undefined, overlay }: Options = {}) {
  const changed: string[] = [];
  const check = new WorkspaceCheck({
    rules,
    settings: testSettings,
    grading: { isEditor, chosen },
    suppress: [],
    overlay,
    changed: () => changed.push("changed"),
  });
  return check;
}

function run(check: WorkspaceCheck): ReadonlySet<string> {
  const update = check.update();
  for (;;) {
    const step = update.next();
    if (step.done === true) return step.value;
  }
}

const virtualService = (name: string, host: string, more = ""): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
spec:
  hosts: [${host}]
${more}`;

const codes = (check: WorkspaceCheck, file: string) =>
  check.findingsIn(file).map(({ code, severity }) => `${code} ${severity}`);

describe("a workspace's check", () => {
  test("runs a rule again only on objects whose answer an edit may change", () => {
    const { rule, runs } = sameHostRule();
    const check = checkOf([rule]);
    for (const name of ["a", "b", "c"]) check.putFile(`${name}.yaml`, virtualService(name, name));
    run(check);
    runs.splice(0);
    check.putFile("b.yaml", virtualService("b", "a"));
    const files = run(check);
    assert.deepEqual(runs.sort(), ["a", "b"], "c has another host");
    assert.deepEqual([...files].sort(), ["a.yaml", "b.yaml"]);
    assert.deepEqual(codes(check, "a.yaml"), ["FY9001 warning"]);
  });

  test("runs nothing again where an edit only moves or annotates text", () => {
    const { rule, runs } = sameHostRule();
    const check = checkOf([rule]);
    check.putFile("a.yaml", virtualService("a", "x"));
    check.putFile("b.yaml", virtualService("b", "x"));
    run(check);
    runs.splice(0);
    check.putFile("a.yaml", `# a comment\n\n${virtualService("a", "x")}`);
    assert.deepEqual([...run(check)], []);
    assert.deepEqual(runs, []);
    const [finding] = check.findingsIn("a.yaml");
    const range = finding?.object?.origin.from === "file" ? finding.object.origin.document.positions() : undefined;
    const place = range?.valueRange(["spec", "hosts", 0]);
    assert.equal(check.file("a.yaml")?.text.slice(place?.start, place?.end), "x");
  });

  test("finds what a removed file left behind", () => {
    const check = checkOf([gatewayRule]);
    check.putFile("vs.yaml", virtualService("a", "x", "  gateway: door\n"));
    check.putFile(
      "gw.yaml",
      "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: door, namespace: shop}\n",
    );
    run(check);
    assert.deepEqual(codes(check, "vs.yaml"), []);
    check.removeFile("gw.yaml");
    assert.deepEqual([...run(check)], ["vs.yaml"]);
    assert.deepEqual(codes(check, "vs.yaml"), ["FY9002 error"]);
  });

  test("a rule that throws is told as its fault and silences no other rule", () => {
    const bad: Rule = {
      name: "bad",
      layer: "foreyard",
      codes: [info("FY9003", "error")],
      kinds: [kinds.VirtualService],
      reads: [],
      // eslint-disable-next-line require-yield
      *check() {
        throw new Error("boom");
      },
    };
    const check = checkOf([bad, gatewayRule]);
    check.putFile("vs.yaml", virtualService("a", "x", "  gateway: door\n"));
    run(check);
    assert.deepEqual(codes(check, "vs.yaml").sort(), ["FY1000 warning", "FY9002 error"]);
  });

  test("what is missing is a hint in an editor where its namespace is unknown, and a warning where it was looked for", () => {
    const missingElsewhere: Rule = {
      ...gatewayRule,
      *check() {
        yield { code: "FY9002", message: say("No"), path: ["spec"], missingIn: "elsewhere" };
      },
    };
    const unknown = checkOf([missingElsewhere], { isEditor: true });
    unknown.putFile("vs.yaml", virtualService("a", "x"));
    run(unknown);
    assert.deepEqual(codes(unknown, "vs.yaml"), ["FY9002 hint"]);
    const known = checkOf([missingElsewhere], { isEditor: true });
    known.putFile("vs.yaml", virtualService("a", "x"));
    known.putFile("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: elsewhere}\n");
    run(known);
    assert.deepEqual(codes(known, "vs.yaml"), ["FY9002 warning"]);
  });

  test("a file that cures what is wrong with a live object clears its finding", () => {
    const check = checkOf([gatewayRule], { overlay: { key: "k", context: "east" } });
    const feed = check.feedOf({ key: "k", context: "east" });
    const live = feed.kind(kinds.VirtualService, []);
    live.listing();
    live.upsert([
      {
        apiVersion: "networking.istio.io/v1",
        kind: "VirtualService",
        metadata: { name: "a", namespace: "shop" },
        spec: { hosts: ["x"], gateway: "door" },
      },
    ]);
    live.listed([]);
    run(check);
    assert.equal([...check.liveFindings()].length, 1);
    check.putFile(
      "gw.yaml",
      "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: door, namespace: shop}\n",
    );
    run(check);
    assert.equal([...check.liveFindings()].length, 0);
  });

  test("a file counts before the live object of the same name", () => {
    const check = checkOf([gatewayRule], { overlay: { key: "k", context: "east" } });
    const live = check.feedOf({ key: "k", context: "east" }).kind(kinds.VirtualService, []);
    live.upsert([
      {
        apiVersion: "networking.istio.io/v1",
        kind: "VirtualService",
        metadata: { name: "a", namespace: "shop" },
        spec: { gateway: "door" },
      },
    ]);
    live.listed([]);
    check.putFile("vs.yaml", virtualService("a", "x"));
    run(check);
    assert.deepEqual([...check.liveFindings()], []);
    assert.deepEqual(codes(check, "vs.yaml"), []);
  });

  test("what is found of a live object that a file declares is counted once, as the file's", () => {
    const everywhere: Rule = { ...gatewayRule, runsOn: "declaration" };
    const check = checkOf([everywhere], { overlay: { key: "k", context: "east" } });
    const live = check.feedOf({ key: "k", context: "east" }).kind(kinds.VirtualService, []);
    const metadata = { name: "a", namespace: "shop" };
    const apiVersion = "networking.istio.io/v1";
    live.upsert([{ apiVersion, kind: "VirtualService", metadata, spec: { gateway: "door" } }]);
    live.listed([]);
    check.putFile("vs.yaml", virtualService("a", "x", "  gateway: door\n"));
    run(check);
    assert.deepEqual(
      check.found.map(({ object }) => object.origin.from),
      ["file"],
    );
    const about = check.foundAbout({ kind: kinds.VirtualService, namespace: "shop", name: "a" }, ["k"]);
    assert.equal(about.length, 1);
  });

  test("objects that a new listing does not name are gone", () => {
    const check = checkOf([gatewayRule], { overlay: { key: "k", context: "east" } });
    const live = check.feedOf({ key: "k", context: "east" }).kind(kinds.VirtualService, []);
    const object = (name: string) => ({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name, namespace: "shop" },
      spec: { gateway: "door" },
    });
    live.listing();
    live.upsert([object("a"), object("b")]);
    live.listed([]);
    live.listing();
    live.upsert([object("b")]);
    live.listed([]);
    run(check);
    assert.deepEqual(
      [...check.liveFindings()].map(({ object: { name } }) => name),
      ["b"],
    );
  });

  test("a comment suppresses a code on the next line, on its line, or in its document", () => {
    const check = checkOf([gatewayRule]);
    const suppressed = [
      virtualService("a", "x", "  # foreyard-disable-next-line FY9002\n  gateway: door\n"),
      virtualService("b", "x", "  gateway: door # foreyard-disable-line FY9002, FY0001\n"),
      `# foreyard-disable FY9002\n${virtualService("c", "x", "  gateway: door\n")}`,
    ];
    const heard = virtualService("d", "x", "  # foreyard-disable-next-line FY9001\n  gateway: door\n");
    check.putFile("vs.yaml", [...suppressed, heard].join("---\n"));
    run(check);
    assert.deepEqual(
      check.findingsIn("vs.yaml").map(({ object }) => object?.name),
      ["d"],
    );
  });

  test("Istio's annotation suppresses its codes, or all", () => {
    const check = checkOf([gatewayRule]);
    const annotated = (name: string, codesOf: string) =>
      virtualService(name, "x", "  gateway: door\n").replace(
        "  namespace: shop",
        `  namespace: shop\n  annotations: {galley.istio.io/analyze-suppress: "${codesOf}"}`,
      );
    check.putFile("vs.yaml", [annotated("a", "FY9002"), annotated("b", "*"), annotated("c", "IST0101")].join("---\n"));
    run(check);
    assert.deepEqual(
      check.findingsIn("vs.yaml").map(({ object }) => object?.name),
      ["c"],
    );
  });

  test("a severity that the user chose counts, and off switches a code off", () => {
    const hint = checkOf([gatewayRule], { chosen: () => "hint" });
    const off = checkOf([gatewayRule], { chosen: () => "off" });
    for (const check of [hint, off]) {
      check.putFile("vs.yaml", virtualService("a", "x", "  gateway: door\n"));
      run(check);
    }
    assert.deepEqual(codes(hint, "vs.yaml"), ["FY9002 hint"]);
    assert.deepEqual(codes(off, "vs.yaml"), []);
  });
});
