import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeApiServer, sendJson, sourceAt, type Exchange } from "./fakeApiServer.ts";
import { pods } from "./kinds.ts";

const { signal } = new AbortController();

/** A server whose cluster, mark and answers the test changes. */
async function aServer() {
  const now: { uid: string; mark: string | string[] | undefined } = { uid: "uid-a", mark: "schema-of-a" };
  const answer = ({ response, url }: Exchange) => {
    if (now.mark !== undefined) response.setHeader("X-Kubernetes-PF-FlowSchema-UID", now.mark);
    if (url.pathname === "/version") sendJson(response, { gitVersion: "v1.36.0" });
    else if (url.pathname.endsWith("/kube-system")) {
      const metadata = { name: "kube-system", uid: now.uid };
      sendJson(response, { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata });
    } else sendJson(response, { kind: "Pod", apiVersion: "v1", metadata: { name: "web", namespace: "shop" } });
  };
  const server = await FakeApiServer.start(answer);
  const source = sourceAt(server.url);
  const read = () => source.get(pods, "shop", "web", signal);
  return { now, source, read, [Symbol.asyncDispose]: () => server.close() };
}

describe("the FlowSchema's UID of an answer", () => {
  it("proves the cluster once it came with the cluster's own UID", async () => {
    await using world = await aServer();
    const { source, read } = world;
    assert.equal(source.unproven?.("uid-a"), undefined);
    await read();
    await source.identity(signal);
    const before = source.unproven?.("uid-a");
    assert.ok(before !== undefined && before >= 1);
    await read();
    assert.equal(source.unproven?.("uid-a"), before);
  });

  it("proves nothing of the cluster that was there before when another one answers", async () => {
    await using world = await aServer();
    const { source, read, now } = world;
    await source.identity(signal);
    const before = source.unproven?.("uid-a") ?? NaN;
    Object.assign(now, { uid: "uid-b", mark: "schema-of-b" });
    await read();
    assert.equal(source.unproven?.("uid-a"), before + 1);
    await source.identity(signal);
    await read();
    // Version, namespace and pod.
    assert.equal(source.unproven("uid-a"), before + 4);
  });

  it("proves nothing where it is missing or there are two", async () => {
    await using world = await aServer();
    const { source, read, now } = world;
    await source.identity(signal);
    const before = source.unproven?.("uid-a") ?? NaN;
    now.mark = undefined;
    await read();
    now.mark = ["schema-of-a", "schema-of-a"];
    await read();
    assert.equal(source.unproven?.("uid-a"), before + 2);
  });

  it("is not known of a server that sends none", async () => {
    await using world = await aServer();
    world.now.mark = undefined;
    await world.source.identity(signal);
    assert.equal(world.source.unproven?.("uid-a"), undefined);
  });
});
