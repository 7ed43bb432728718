import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseCommandLine } from "../../src/cli/commandLine.ts";
import { UsageError } from "../../src/cli/usageError.ts";
import { runCli } from "./runCli.ts";

describe("the command line", () => {
  const wrong: readonly [line: string, sentence: RegExp][] = [
    ["", /^No command is given/],
    ["lst services", /^There is no command lst/],
    ["list", /needs to know what: overview, meshes, services, workloads/],
    ["list pods", /`foreyard list pods` is not known/],
    ["list services more", /more is not expected after `foreyard list services`/],
    ["doctor now", /now is not expected after `foreyard doctor`/],
    ["list services --format xml", /--format xml is not known; there are: table, json/],
    ["list services --window soon", /^--window soon is no duration such as 60, 60s, 5m30s or 1h\.$/],
    ["list services --window 30s5m", /--window 30s5m is no duration/],
    ["list services --window 5m30", /--window 5m30 is no duration/],
    ["list services --window -5s", /^--window -5s is out of range: from 1s to 30d\.$/],
    ["list services --window 0s", /--window 0s is out of range/],
    ["list services --window 31d", /--window 31d is out of range/],
    ["list services --window 30d1s", /--window 30d1s is out of range/],
    ["list services --namespace Shop!", /Shop! cannot be the name of a namespace/],
    ["list services --context", /--context needs a value/],
    ["list services --context --demo", /--context needs a value/],
    ["list services --kubeconfig a --kubeconfig b", /--kubeconfig is given twice/],
    ["list services --demo=yes", /--demo takes no value/],
    ["list services --demo --prometheus http://p:9090", /cannot be used with --prometheus/],
    ["list services --demo --kubeconfig k", /cannot be used with --kubeconfig/],
    ["drilldown shop/cart --demo --fault fire", /^--fault fire is not known; there are: badVersion, oomKilled/],
    ["list services --fault none", /^--fault is for the demo mesh: add --demo\.$/],
    ["list services --contxt a", /There is no option --contxt. Did you mean --context/],
    ["list services --zzzzz", /There is no option --zzzzz. See/],
    ["list services --prometheus localhost:9090", /--prometheus needs an address such as/],
    ["list services --context a --prometheus b=http://p", /names the context b, which --context does not/],
    ["list services --context a --context b --context c --prometheus http://p --prometheus http://q", /2 addresses/],
    ["graph --sort rps", /^There is no option --sort\. See `foreyard --help`\.$/],
    ["graph --widow 5m", /Did you mean --window\?$/],
    ["demo serve --sort 1", /Did you mean --port\?$/],
    ["list services --port 80", /`foreyard list` has no option --port/],
    ["graph now", /now is not expected after `foreyard graph`/],
    ["graph --format table", /--format table is not known; there are: json, mermaid, dot/],
    ["graph --view pods", /--view pods is not known; there are: versionedApp, app, workload, service, namespace/],
    ["graph --at yesterday", /^--at yesterday is no time such as 2026-08-01T12:00:00Z, or seconds since 1970\.$/],
    ["graph --demo --prometheus http://p:9090", /cannot be used with --prometheus/],
    ["graph --prometheus b=http://p --context a", /names the context b, which --context does not/],
    ["list services --view app", /`foreyard list` has no option --view/],
    ["demo", /`foreyard demo` needs to know what/],
    ["demo play", /`foreyard demo play` is not known/],
    ["demo serve --port 70000", /--port 70000 is no whole number from 0 to 65535/],
    ["demo serve --services -5", /--services -5 is no whole number/],
    ["demo serve --cluster us", /`foreyard demo serve` has no option --cluster/],
    ["demo manifests --cluster asia", /--cluster asia is not known; there are: eu, us/],
    ["demo serve --services 1.5", /--services 1.5 is no whole number/],
    ["demo serve --telemetry v3", /--telemetry v3 is not known; there are: v1, v2, ambient/],
    ["demo manifests --port 80", /`foreyard demo manifests` has no option --port/],
  ];
  for (const [line, sentence] of wrong) {
    it(`refuses "foreyard ${line}" with one sentence`, () => {
      assert.throws(
        () => parseCommandLine(line.split(" ").filter(Boolean)),
        (e) => e instanceof UsageError && sentence.test(e.message) && !e.message.includes("\n"),
      );
    });
  }

  it("repeats no password of an address", () => {
    const line = ["list", "services", "--prometheus", "ftp://eve:hunter2@p"];
    assert.throws(
      () => parseCommandLine(line),
      (e) => e instanceof UsageError && !e.message.includes("hunter2"),
    );
  });

  it("takes one metrics store for all contexts, one for each in their order, or one by name", () => {
    const stores = (line: string) => {
      const command = parseCommandLine(["list", "services", ...line.split(" ")]);
      assert.ok(command.name === "list");
      return Object.fromEntries(command.where.prometheus);
    };
    assert.deepEqual(stores("--prometheus http://p"), { "": "http://p" });
    assert.deepEqual(stores("--context a --context b --prometheus http://p --prometheus http://q"), {
      a: "http://p",
      b: "http://q",
    });
    assert.deepEqual(stores("--context a=x --prometheus a=x=http://p/?b=http://c"), { "a=x": "http://p/?b=http://c" });
  });

  it("reads windows in seconds, minutes, hours and days, and in several of them", () => {
    const window = (text: string) => {
      const command = parseCommandLine(["list", "services", "--window", text]);
      return command.name === "list" ? command.windowSeconds : undefined;
    };
    assert.deepEqual(["90s", "5m", "2h", "1d"].map(window), [90, 300, 7200, 86_400]);
    assert.deepEqual(["60", "5m30s", "1h5s", "1d12h", "30d"].map(window), [60, 330, 3605, 129_600, 2_592_000]);
  });

  it("never fails but with a sentence, whatever is typed", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "list",
        "services",
        "demo",
        "serve",
        "doctor",
        "--context",
        "--window",
        "--format=json",
        "-n",
        "--",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        try {
          parseCommandLine(argv);
        } catch (e) {
          assert.ok(e instanceof UsageError, String(e));
        }
      }),
    );
  });
});

describe("foreyard", () => {
  it("ends with 2 and one line on stderr where the command line is wrong", async () => {
    const { code, out, err } = await runCli(["list", "services", "--format", "xml"]);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.equal(err, "foreyard: --format xml is not known; there are: table, json.\n");
  });

  it("prints its version", async () => {
    const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    const { code, out } = await runCli(["--version"]);
    assert.deepEqual({ code, out }, { code: 0, out: `${manifest.version}\n` });
  });

  it("prints its help on stdout, wherever it is asked for", async () => {
    const { code, out, err } = await runCli(["list", "services", "--help"]);
    assert.equal(code, 0);
    assert.equal(err, "");
    for (const word of ["list", "doctor", "demo serve", "demo manifests", "--kubeconfig", "--window", "--cluster"]) {
      assert.ok(out.includes(word), word);
    }
    assert.ok(out.split("\n").every((line) => line.length <= 80));
  });
});
