import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gatherContextFacts } from "../../../src/mesh/live/doctorFacts.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { aShop, meshKinds } from "./liveWorld.ts";
import { ManualClock } from "./manualClock.ts";

const never = new AbortController().signal;

describe("gatherContextFacts", () => {
  it("tells each step that worked, and the rights for all that Foreyard reads", async () => {
    const source = aShop();
    const { steps, access } = await gatherContextFacts({ source, clock: new ManualClock(), namespaces: [] }, never);
    assert.equal(steps.length, 3);
    assert.ok(steps.every(({ error, found, millis }) => !error && found && millis === 0));
    const asked = access.map(({ question }) =>
      [question.verb, question.resource, question.subresource].join(" ").trim(),
    );
    for (const needed of ["list pods", "list services", "list deployments", "get nodes", "get services proxy"]) {
      assert.ok(asked.includes(needed), needed);
    }
    assert.ok(asked.includes("create pods portforward"));
    assert.ok(asked.includes("list serviceentries"));
    assert.ok(access.every(({ isAllowed }) => isAllowed === true));
  });

  it("asks in single namespaces for what the whole cluster refuses", async () => {
    const source = aShop();
    source.forbids = (plural, namespace) => plural === "pods" && namespace !== "pay";
    const clock = new ManualClock();
    const { access } = await gatherContextFacts({ source, clock, namespaces: ["shop", "pay"] }, never);
    const pods = access.filter(({ question }) => question.resource === "pods" && question.verb === "list");
    assert.deepEqual(
      pods.map(({ question, isAllowed }) => [question.namespace, isAllowed]),
      [
        [undefined, false],
        ["shop", false],
        ["pay", true],
      ],
    );
  });

  it("stops at the first step that fails and tells why", async () => {
    const source = aShop("down", meshKinds);
    const error = new MeshError("unreachable", say("No answer."));
    source.answer = error;
    const facts = await gatherContextFacts({ source, clock: new ManualClock(), namespaces: [] }, never);
    assert.equal(facts.steps.length, 1);
    assert.equal(facts.steps[0]?.error, error);
    assert.deepEqual(facts.access, []);
  });

  it("lets aborts and bugs through", async () => {
    const abort = new AbortController();
    const source = aShop();
    const gathering = gatherContextFacts({ source, clock: new ManualClock(), namespaces: [] }, abort.signal);
    abort.abort();
    await assert.rejects(gathering, { name: "AbortError" });
    source.answer = new TypeError("a bug");
    await assert.rejects(gatherContextFacts({ source, clock: new ManualClock(), namespaces: [] }, never), TypeError);
  });
});
