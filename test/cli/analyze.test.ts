import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { analyze, analyzeText } from "./analyze.ts";

const wrong = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  trafficPolicy:
    tls:
      mode: SIMPLE
  subset: []
`;
const fine = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n";

describe("foreyard analyze", () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "foreyard-analyze-"));
    mkdirSync(at("k8s/deep"), { recursive: true });
    writeFileSync(at("k8s/rule.yaml"), wrong);
    writeFileSync(at("k8s/deep/ns.yml"), fine);
    mkdirSync(at("chart/templates"), { recursive: true });
    writeFileSync(at("chart/Chart.yaml"), "name: chart\n");
    writeFileSync(at("chart/templates/rule.yaml"), wrong.replace("reviews", "{{ .Values.name }}"));
    symlinkSync(at("k8s"), at("k8s/again"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("ends with 0 where nothing is wrong, with 1 at the threshold and with 0 below it", async () => {
    assert.equal((await analyzeText([at("k8s/deep")])).code, 0);
    assert.equal((await analyzeText([at("k8s/rule.yaml")])).code, 1);
    const onlyWarning = ["--only", "IST0128", at("k8s/rule.yaml")];
    assert.equal((await analyzeText(onlyWarning)).code, 0);
    assert.equal((await analyzeText([...onlyWarning, "--fail-on", "warning"])).code, 1);
    assert.equal((await analyzeText(["--fail-on", "never", at("k8s/rule.yaml")])).code, 0);
  });

  test("ends with 2 and says why where it could not check", async () => {
    for (const args of [[at("absent.yaml")], [at("k8s/*.nothing")], ["--only", "NOPE", at("k8s")]]) {
      const { code, notes } = await analyzeText(args);
      assert.equal(code, 2, args.join(" "));
      assert.ok(notes.length > 0);
    }
  });

  test("names file, line and column as compilers do", async () => {
    const { out } = await analyzeText(["--only", "FY0101", at("k8s/rule.yaml")]);
    // `subset` begins the eleventh line, after two blanks.
    assert.ok(out.startsWith(`${at("k8s/rule.yaml")}:11:3: error: `), out);
    assert.match(out, / \[FY0101\]\n$/u);
  });

  test("gives each finding of JSON its place, field, object and layer", async () => {
    const { findings } = await analyze(["--only", "FY0101", at("k8s/rule.yaml")]);
    const [finding, ...others] = findings;
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...finding, message: "", docs: "" },
      {
        code: "FY0101",
        severity: "error",
        message: "",
        docs: "",
        file: at("k8s/rule.yaml"),
        line: 11,
        column: 3,
        endLine: 11,
        endColumn: 9,
        path: "spec.subset",
        resource: {
          apiVersion: "networking.istio.io/v1",
          kind: "DestinationRule",
          namespace: "shop",
          name: "reviews",
        },
        related: [],
        against: "files",
        layer: "schema",
      },
    );
  });

  test("adds conditions to JSON only where they are asked for", async () => {
    const { out } = await analyzeText(["--format", "json", "--conditions", at("k8s/deep")]);
    assert.deepEqual(JSON.parse(out), { findings: [], conditions: [] });
  });

  test("reads folders once through links that lead in a circle, and leaves a chart's templates alone", async () => {
    const { findings } = await analyze(["--only", "FY0101", folder]);
    assert.deepEqual(
      findings.map(({ file }) => file),
      [at("k8s/rule.yaml")],
    );
  });

  test("reads what a pattern matches", async () => {
    const { findings } = await analyze(["--only", "FY0101", at("k8s/*.yaml")]);
    assert.equal(findings.length, 1);
  });

  test("leaves out what --suppress names, by * and ?", async () => {
    const args = ["--only", "FY0101", at("k8s/rule.yaml")];
    assert.equal((await analyze([...args, "-S", "FY0101=DestinationRule shop/rev*"])).findings.length, 0);
    assert.equal((await analyze([...args, "-S", "FY0101=DestinationRule other/*"])).findings.length, 1);
  });

  test("gives objects without a namespace the one of --namespace", async () => {
    const file = at("bare.yaml");
    writeFileSync(file, wrong.replace("  namespace: shop\n", ""));
    const { findings } = await analyze(["--only", "FY0101", "-n", "prod", file]);
    assert.deepEqual(
      findings.map(({ resource }) => resource?.namespace),
      ["prod"],
    );
  });

  test("writes SARIF whose results refer to rules and to places in files", async () => {
    const { out } = await analyzeText(["--format", "sarif", "--only", "FY0101", at("k8s/rule.yaml")]);
    const log = JSON.parse(out) as {
      readonly version: string;
      readonly runs: readonly {
        readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
        readonly results: readonly {
          readonly ruleId: string;
          readonly ruleIndex: number;
          readonly level: string;
          readonly locations: readonly {
            readonly physicalLocation: { readonly region: Readonly<Record<string, number>> };
          }[];
        }[];
      }[];
    };
    assert.equal(log.version, "2.1.0");
    const [run] = log.runs;
    const [result] = run?.results ?? [];
    assert.ok(run && result);
    assert.equal(run.tool.driver.rules[result.ruleIndex]?.id, result.ruleId);
    assert.equal(result.level, "error");
    assert.deepEqual(result.locations[0]?.physicalLocation.region, {
      startLine: 11,
      startColumn: 3,
      endLine: 11,
      endColumn: 9,
    });
  });

  test("tells hostile input in bounded time, and goes on with what is beside it", { timeout: 120_000 }, async () => {
    const hostile: Readonly<Record<string, string>> = {
      "deep.yaml": `apiVersion: v1\nkind: ConfigMap\na: ${"[".repeat(1000)}${"]".repeat(1000)}\n`,
      "proto.yaml": wrong.replace("  subset: []", "  __proto__:\n    subsets: 1"),
      "nul.yaml": wrong.replace("reviews", "re\0views"),
      "many.yaml": Array.from({ length: 10_000 }, () => fine).join("---\n"),
      "large.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: large\ndata:\n  a: "${"x".repeat(10_000_000)}"\n`,
      "regex.yaml": `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: r\n  namespace: shop\nspec:\n  hosts: [a]\n  http:\n    - match:\n        - uri:\n            regex: "${"(a+)+".repeat(20_000)}"\n      route:\n        - destination:\n            host: a\n`,
      "redos.yaml": `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: s\n  namespace: shop\nspec:\n  hosts: [b]\n  http:\n    - match:\n        - uri:\n            regex: "(a|a)*(a|a)*(a|a)*$"\n      route:\n        - destination:\n            host: b\n`,
    };
    mkdirSync(at("hostile"));
    for (const [name, text] of Object.entries(hostile)) writeFileSync(at(`hostile/${name}`), text);
    writeFileSync(at("hostile/utf8.yaml"), Buffer.concat([Buffer.from(fine), Buffer.from([0xff, 0xfe, 0x0a])]));
    const { findings, code } = await analyze([at("hostile"), at("k8s/rule.yaml")]);
    assert.equal(code, 1);
    assert.equal(findings.filter((one) => one.code === "FY1000").length, 0, "a rule failed");
    const codesOf = (name: string): readonly string[] =>
      findings.filter(({ file }) => file === at(name)).map((one) => one.code);
    assert.ok(codesOf("hostile/deep.yaml").includes("FY0010"));
    assert.ok(codesOf("hostile/nul.yaml").includes("FY0007"));
    assert.ok(codesOf("hostile/proto.yaml").includes("FY0101"));
    assert.ok(codesOf("hostile/regex.yaml").includes("IST0106"));
    assert.ok(codesOf("k8s/rule.yaml").includes("FY0101"));
  });
});
