import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { place } from "../../src/mesh/topology/layout/place.ts";
import { finish } from "../../src/mesh/topology/layout/steps.ts";
import { createLayoutClient, type LayoutWorker } from "../../webview/topology/layoutClient.ts";
import { LayoutDesk, type LayoutAnswer, type LayoutJob } from "../../webview/topology/layoutDesk.ts";
import { grownMesh, layoutInput, syntheticMesh } from "../unit/mesh/topology/layout/syntheticMesh.ts";

const mesh = syntheticMesh(50);
const input = layoutInput(mesh);

/** A worker on this thread: answers when told to, from what crosses to it. */
class NearWorker implements LayoutWorker {
  onmessage: ((event: MessageEvent<LayoutAnswer>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  isTerminated = false;
  readonly jobs: LayoutJob[] = [];
  readonly #desk = new LayoutDesk();

  postMessage(message: LayoutJob, transfer: Transferable[]): void {
    this.jobs.push(structuredClone(message, { transfer: transfer as ArrayBuffer[] }));
  }

  terminate(): void {
    this.isTerminated = true;
  }

  answer(): void {
    const job = this.jobs.at(-1);
    if (!job) return;
    const data = { id: job.id, placement: finish(this.#desk.steps(job)) };
    this.onmessage?.({ data } as MessageEvent<LayoutAnswer>);
  }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

describe("the layout client", () => {
  it("gives what the layout gives, and leaves the caller its arrays", async () => {
    const worker = new NearWorker();
    const client = createLayoutClient(() => worker);
    const placed = client.place(input);
    worker.answer();
    assert.deepEqual(await placed, place(input));
    assert.equal(input.nodeBox.length, input.nodeCount);
  });

  it("names each key to the worker once", async () => {
    const worker = new NearWorker();
    const client = createLayoutClient(() => worker);
    const first = client.place(input);
    worker.answer();
    await first;
    const grown = layoutInput(grownMesh(mesh, 0.02, 1));
    const second = client.place(grown);
    worker.answer();
    await second;
    const named = new Set([...input.nodeKeys, ...input.boxKeys]);
    const added = [...grown.nodeKeys, ...grown.boxKeys].filter((key) => !named.has(key));
    assert.deepEqual(worker.jobs[1]?.newKeys, added);
  });

  it("asks for no layout where only numbers have changed", async () => {
    const worker = new NearWorker();
    const client = createLayoutClient(() => worker);
    const first = client.place(input);
    worker.answer();
    const placement = await first;
    assert.equal(await client.place(layoutInput(syntheticMesh(50))), placement);
    assert.equal(worker.jobs.length, 1);
  });

  it("has one layout in flight; the latest wish comes next, and those between it are told that they are overtaken", async () => {
    const worker = new NearWorker();
    const client = createLayoutClient(() => worker);
    const wishes = [0, 1, 2].map((share) => client.place(layoutInput(grownMesh(mesh, 0.02 * share, 1))));
    const results = Promise.allSettled(wishes);
    assert.equal(worker.jobs.length, 1);
    worker.answer();
    assert.equal(worker.jobs.length, 2);
    worker.answer();
    const [first, second, third] = await results;
    assert.ok(first?.status === "rejected" && isAbort(first.reason));
    assert.ok(second?.status === "rejected" && isAbort(second.reason));
    assert.equal(third?.status, "fulfilled");
  });

  it("starts afresh after tidying", async () => {
    const worker = new NearWorker();
    const client = createLayoutClient(() => worker);
    const first = client.place(input);
    worker.answer();
    await first;
    client.tidy();
    const grown = layoutInput(grownMesh(mesh, 0.1, 1));
    const second = client.place(grown);
    worker.answer();
    assert.deepEqual(await second, place(grown));
  });

  it("names everything anew after tidying, so that names of what has gone do not gather", async () => {
    const worker = new NearWorker();
    const client = createLayoutClient(() => worker);
    const first = client.place(input);
    worker.answer();
    await first;
    client.tidy();
    const second = client.place(input);
    worker.answer();
    assert.deepEqual(await second, place(input));
    assert.deepEqual(worker.jobs[1]?.newKeys, [...input.nodeKeys, ...input.boxKeys]);
  });

  it("names everything anew when it has told a hundred thousand names, and still knows where all was", async () => {
    const worker = new NearWorker();
    const client = createLayoutClient(() => worker);
    const first = client.place(input);
    worker.answer();
    const before = await first;
    const gone = Array.from({ length: 100_000 }, (_, pin) => [`gone-${pin}`, [0, 0] as const] as const);
    const moved = { ...Object.fromEntries(gone), [input.nodeKeys[0] ?? ""]: [7, 7] as const };
    const second = client.place(input, { pinned: moved });
    worker.answer();
    await second;
    const third = client.place(layoutInput(grownMesh(mesh, 0.02, 1)));
    worker.answer();
    const job = worker.jobs[2];
    assert.equal(job?.newKeys.length, new Set([...(job?.nodes ?? []), ...(job?.boxes ?? [])]).size);
    assert.equal((await third).nodeX[5], before.nodeX[5]);
  });

  it("keeps dragged nodes where they are", async () => {
    const client = createLayoutClient(() => undefined);
    await client.place(input);
    const key = input.nodeKeys[5] ?? "";
    const { nodeX, nodeY } = await client.place(input, { pinned: { [key]: [100.5, -200.25] } });
    assert.deepEqual([nodeX[5], nodeY[5]], [100.5, -200.25]);
  });

  it("lays out on its own thread, in slices, where no worker can be started", async () => {
    const client = createLayoutClient(() => undefined);
    assert.deepEqual(await client.place(input), place(input));
    const large = layoutInput(syntheticMesh(2000));
    let turns = 0;
    const clock = setInterval(() => turns++, 1);
    await client.place(large);
    clearInterval(clock);
    assert.ok(turns > 1, String(turns));
  });

  it("goes on without a worker that died", async () => {
    const worker = new NearWorker();
    const client = createLayoutClient(() => worker);
    const placed = client.place(input);
    worker.onerror?.({} as ErrorEvent);
    assert.deepEqual(await placed, place(input));
    assert.ok(worker.isTerminated);
    const grown = layoutInput(grownMesh(mesh, 0.02, 1));
    assert.equal((await client.place(grown)).nodeX.length, grown.nodeCount);
  });

  it("ends what is open when it is disposed of", async () => {
    const worker = new NearWorker();
    const client = createLayoutClient(() => worker);
    const placed = client.place(input);
    client.dispose();
    await assert.rejects(placed, isAbort);
    await assert.rejects(client.place(input), isAbort);
    assert.ok(worker.isTerminated);
  });
});
