import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DrilldownInput } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import { findCause, type CauseSearch } from "../../../../src/mesh/drilldown/findCause.ts";
import { fill } from "../../../../src/mesh/message.ts";
import { faultTruth } from "../../../../src/sources/demo/faultTruth.ts";
import { faultNames, type FaultName } from "../../../../src/sources/demo/world/faults.ts";
import { openDemo } from "./openDemo.ts";

const seeds = [1, 2, 3, 4, 5, 6];
const { signal } = new AbortController();

/** From the mesh service, as the command line and the page do. */
function search(input: DrilldownInput, namespace: string, name: string): Promise<CauseSearch> {
  const ref = { cluster: "", group: "", kind: "Service", namespace, name };
  return findCause(input, [{ level: "meshService", ref }], { windowSeconds: 60, atMillis: undefined, signal });
}

/** What was found on the way, for a message of a test that fails. */
function told({ levels, cause }: CauseSearch): string {
  const way = levels.map(({ at, state, suspects }) => {
    const first = suspects.map(({ name, share, reason }) => `${name} ${share.toFixed(2)} (${fill(reason)})`).join("; ");
    return `${at.level} ${at.ref.name}: ${state}: ${first}`;
  });
  return [...way, `cause: ${cause ? `${cause.ref.kind} ${cause.ref.name}` : "none"}`].join("\n");
}

const planted = faultNames.filter((name): name is Exclude<FaultName, "none"> => name !== "none");

void describe("following the first suspect", () => {
  for (const fault of planted) {
    void it(`ends at what was planted: ${fault}`, async () => {
      for (const seed of seeds) {
        const demo = await openDemo({ seed, fault, services: seed > 4 ? 80 : 0 });
        try {
          const truth = faultTruth(demo.mesh);
          assert.ok(truth);
          const found = await search(demo.input, truth.namespace, truth.service);
          const { cause } = found;
          assert.deepEqual(
            cause && { level: cause.level, ref: cause.ref },
            { level: truth.level, ref: truth.ref },
            `seed ${seed}, ${truth.namespace}/${truth.service}\n${told(found)}`,
          );
        } finally {
          demo.dispose();
        }
      }
    });
  }

  void it("names nobody in a mesh that is well, whichever service is looked at", async () => {
    for (const seed of seeds) {
      const demo = await openDemo({ seed, fault: "none", services: seed > 4 ? 80 : 0 });
      try {
        const names = new Map(
          demo.input.services
            .filter(({ ref }) => ref.kind === "Service")
            .map(({ ref: { namespace, name } }) => [`${namespace}/${name}`, { namespace, name }]),
        );
        assert.ok(names.size > 20);
        for (const { namespace, name } of names.values()) {
          const found = await search(demo.input, namespace, name);
          const where = `seed ${seed}, ${namespace}/${name}\n${told(found)}`;
          assert.deepEqual(found.suspects, [], where);
          assert.equal(found.cause, undefined, where);
        }
      } finally {
        demo.dispose();
      }
    }
  });
});
