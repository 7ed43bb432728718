import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createDemoMesh } from "../../src/sources/demo/demoMesh.ts";
import { faultTruth } from "../../src/sources/demo/faultTruth.ts";
import { systemClock } from "../../src/sources/kubernetes/systemClock.ts";
import { runCli } from "./runCli.ts";

interface Named {
  readonly level: string;
  readonly ref: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly levels: readonly (Named & { readonly health: string; readonly reasons: readonly string[] })[];
  readonly suspects: readonly (Named & { readonly share: number; readonly reason: string })[];
  readonly cause: (Named & { readonly reason: string }) | null;
}

async function answerOf(...args: readonly string[]): Promise<Answer> {
  const { code, out, err } = await runCli(["drilldown", ...args, "--demo", "--format", "json"]);
  assert.equal(code, 0, err);
  return JSON.parse(out) as Answer;
}

void describe("foreyard drilldown --demo", () => {
  void it("goes from the service that fails to the sick pod and the node under it", async () => {
    const { levels, suspects, cause } = await answerOf("shop/reviews");
    assert.deepEqual(
      levels.map(({ level }) => level),
      ["meshService", "service", "workload", "pod", "node"],
    );
    assert.deepEqual(Object.keys(levels[1]?.ref ?? {}), ["cluster", "context", "group", "kind", "namespace", "name"]);
    assert.deepEqual(Object.keys(suspects[0] ?? {}), ["level", "ref", "share", "reason"]);
    assert.deepEqual(Object.keys(cause ?? {}), ["level", "ref", "reason"]);
    assert.equal(levels[2]?.ref["name"], "reviews-v2");
    assert.deepEqual([cause?.level, cause?.ref["name"]], ["node", levels[4]?.ref["name"]]);
  });

  void it("suspects nobody where nothing fails", async () => {
    const { levels, suspects, cause } = await answerOf("shop/cart");
    assert.deepEqual([levels[0]?.level, levels[0]?.health], ["meshService", "healthy"]);
    assert.deepEqual([suspects, cause], [[], null]);
  });

  void it("finds what --fault plants, and nothing where none is", async () => {
    const truth = faultTruth(createDemoMesh({ clock: systemClock, fault: "misroutedRule" }));
    assert.ok(truth);
    const name = `${truth.namespace}/${truth.service}`;
    const planted = await answerOf(name, "--fault", "misroutedRule");
    assert.deepEqual([planted.cause?.level, planted.cause?.ref["kind"]], [truth.level, truth.ref.kind]);
    assert.equal(planted.cause?.ref["name"], truth.ref.name);
    const well = await answerOf(name, "--fault", "none");
    assert.deepEqual([well.suspects, well.cause], [[], null]);
  });

  void it("names services near one that is not there", async () => {
    const { code, err } = await runCli(["drilldown", "shop/reviws", "--demo"]);
    assert.equal(code, 1);
    assert.match(err, /There is no service reviws in namespace shop\. There are: .*shop\/reviews/);
  });

  void it("asks for a namespace and a service", async () => {
    const { code, err } = await runCli(["drilldown", "reviews", "--demo"]);
    assert.equal(code, 2);
    assert.match(err, /NAMESPACE\/SERVICE/);
  });
});
