import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { place } from "../../../../src/mesh/topology/layout/place.ts";
import type { LayoutInput, Placement } from "../../../../src/mesh/topology/layout/layout.ts";
import type { LayoutClient, Pins } from "../../../../webview/topology/layoutClient.ts";
import { Placing } from "../../../../webview/topology/placing.ts";
import { shop } from "../../../pages/support/meshCalls.ts";
import { pictureOfLines } from "./pictures.ts";

interface Job {
  readonly input: LayoutInput;
  readonly pins: Pins;
  readonly resolve: (placement: Placement) => void;
  readonly reject: (reason: unknown) => void;
}

/** A layout that takes until a test says so; like the real one it drops what a later wish overtakes. */
class SlowLayout implements LayoutClient {
  readonly jobs: Job[] = [];

  place(input: LayoutInput, { pinned = {} }: { readonly pinned?: Pins } = {}): Promise<Placement> {
    this.jobs.at(-1)?.reject(new DOMException("A later layout was asked for.", "AbortError"));
    return new Promise((resolve, reject) => this.jobs.push({ input, pins: pinned, resolve, reject }));
  }

  finish(): void {
    const job = this.jobs.at(-1);
    job?.resolve(place(job.input));
  }

  tidy(): void {
    // Nothing is remembered here.
  }

  dispose(): void {
    this.jobs.at(-1)?.reject(new DOMException("Gone.", "AbortError"));
  }
}

const older = pictureOfLines(shop.slice(0, 2));
const newer = pictureOfLines(shop);

describe("Placing the newest reading", () => {
  it("loses no reading when somebody drags while it is laid out", async () => {
    const layout = new SlowLayout();
    const placing = new Placing(layout);
    const first = placing.take(older);
    layout.finish();
    assert.equal((await first)?.picture, older);
    const read = placing.take(newer);
    placing.pins = { a: [1, 2] };
    const dragged = placing.again();
    layout.finish();
    assert.equal((await dragged)?.picture, newer);
    assert.equal((await read)?.picture, newer);
    assert.deepEqual(layout.jobs.at(-1)?.pins, { a: [1, 2] });
  });

  it("gives the newer one where one reading overtakes another", async () => {
    const layout = new SlowLayout();
    const placing = new Placing(layout);
    const both = Promise.all([placing.take(older), placing.take(newer)]);
    layout.finish();
    assert.deepEqual(
      (await both).map((placed) => placed?.picture === newer),
      [true, true],
    );
  });

  it("gives nothing of a mesh that was left meanwhile", async () => {
    const layout = new SlowLayout();
    const placing = new Placing(layout);
    const placed = placing.take(older);
    placing.forget();
    layout.finish();
    assert.equal(await placed, undefined);
    assert.equal(await placing.again(), undefined);
  });

  it("ends when it is disposed of", async () => {
    const placing = new Placing(new SlowLayout());
    const placed = placing.take(older);
    placing.dispose();
    await assert.rejects(placed, { name: "AbortError" });
  });
});
