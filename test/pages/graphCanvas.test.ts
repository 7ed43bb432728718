import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { ShowOptions } from "./canvas/canvasPage.ts";
import { bidiName, longName, markupName } from "./canvas/pitfalls.ts";
import { startCanvasLab, type CanvasLab, type CanvasPage, type OpenCanvas } from "./support/canvasLab.ts";

describe("the canvas in a real Chromium", { timeout: 180_000 }, () => {
  let lab: CanvasLab;
  let open: CanvasPage | undefined;

  before(async () => {
    lab = await startCanvasLab();
  });
  afterEach(async () => {
    const { complaints = [] } = open ?? {};
    await open?.close();
    open = undefined;
    assert.deepEqual(complaints, []);
  });
  after(() => lab.close());

  /** All of it in sight and at rest. */
  async function showing(wanted: ShowOptions, options?: OpenCanvas): Promise<CanvasPage> {
    const canvas = (open = await lab.open(options));
    await canvas.show(wanted);
    await canvas.run(async (page) => {
      page.canvas.fit();
      await page.settled();
    });
    return canvas;
  }

  const centre = async (canvas: CanvasPage, name: string, scale = 1) =>
    canvas.run(
      async (page, wanted) => {
        const at = page.sceneOf(wanted.name);
        page.canvas.camera = { ...at, scale: wanted.scale };
        await page.settled();
        return page.screenOf(wanted.name);
      },
      { name, scale },
    );

  test("it runs under the policy of the page, without a complaint, and with few elements at any size", async () => {
    for (const nodes of [50, 5000]) {
      const canvas = await showing({ nodes });
      assert.ok((await canvas.run((page) => page.elements())) <= 30);
      assert.deepEqual(canvas.complaints, []);
      await canvas.close();
      open = undefined;
    }
  });

  test("a node, an edge and a box are found where they are drawn", async () => {
    const canvas = await showing({ nodes: "pitfalls" });
    const at = await centre(canvas, "reviews");
    const targetAt = (dx: number, dy: number) =>
      canvas.run((page, [x, y]) => page.canvas.hitAt(x, y), [at.x + dx, at.y + dy] as const);
    assert.deepEqual(await targetAt(0, 0), { what: "node", id: "service/prod-eu/shop/reviews" });
    // The app's frame is around its nodes.
    assert.deepEqual(await targetAt(-60, -40), { what: "box", id: "box/prod-eu/shop/reviews" });
    const middle = await canvas.run((page) => page.edgeMiddle("reviews", "reviews-v1"));
    const edge = await canvas.run((page, { x, y }) => page.canvas.hitAt(x, y), middle);
    assert.deepEqual(edge, { what: "edge", id: "service/prod-eu/shop/reviews>workload/prod-eu/shop/reviews-v1:http" });
  });

  test("protocols between the same two nodes are drawn apart, and each can be hit", async () => {
    const canvas = await showing({ nodes: "pitfalls" });
    await centre(canvas, "reviews");
    const hits = await canvas.run((page) =>
      page.edgeMiddles("front-v1", "reviews").map(({ x, y }) => page.canvas.hitAt(x, y)?.id.split(":").at(-1)),
    );
    assert.deepEqual(hits.sort(), ["grpc", "http", "tcp"]);
  });

  test("a click selects, a click beside it clears, a double click opens", async () => {
    const canvas = await showing({ nodes: "pitfalls" });
    const { x, y } = await centre(canvas, "orders-db");
    await canvas.page.mouse.click(x, y);
    await canvas.page.mouse.dblclick(x, y);
    await canvas.page.mouse.click(x, 20);
    const events = await canvas.run((page) =>
      page.events
        .filter(({ name }) => name === "selected" || name === "opened")
        .map(({ name, value }) => [name, value]),
    );
    const database = { what: "node", id: "workload/prod-eu/data/orders-db" };
    assert.deepEqual(events[0], ["selected", database]);
    assert.ok(events.some(([name, value]) => name === "opened" && JSON.stringify(value) === JSON.stringify(database)));
    assert.deepEqual(events.at(-1), ["selected", null]);
  });

  test("a dragged node tells where it is put, and the view stays", async () => {
    const canvas = await showing({ nodes: "pitfalls" });
    const { x, y } = await centre(canvas, "orders-db");
    const before = await canvas.run((page) => page.canvas.camera);
    await canvas.page.mouse.move(x, y);
    await canvas.page.mouse.down();
    await canvas.page.mouse.move(x + 120, y + 60, { steps: 4 });
    await canvas.page.mouse.up();
    const put = await canvas.run((page) => page.events.find(({ name }) => name === "dragged")?.value);
    const from = await canvas.run((page) => page.sceneOf("orders-db"));
    assert.deepEqual(put, { "workload/prod-eu/data/orders-db": [from.x + 120, from.y + 60] });
    assert.deepEqual(await canvas.run((page) => page.canvas.camera), before);
  });

  test("dragging beside nodes pans, the wheel zooms about the pointer", async () => {
    const canvas = await showing({ nodes: "pitfalls" });
    const before = await canvas.run((page) => page.canvas.camera);
    await canvas.page.mouse.move(300, 40);
    await canvas.page.mouse.down();
    await canvas.page.mouse.move(400, 90, { steps: 4 });
    await canvas.page.mouse.up();
    const panned = await canvas.run((page) => page.canvas.camera);
    assert.ok(Math.abs((before.x - panned.x) * panned.scale - 100) < 0.5);
    assert.ok(Math.abs((before.y - panned.y) * panned.scale - 50) < 0.5);
    await canvas.page.mouse.move(640, 400);
    await canvas.page.mouse.wheel(0, -240);
    await canvas.run((page) => page.settled());
    const zoomed = await canvas.run((page) => page.canvas.camera);
    assert.ok(zoomed.scale > panned.scale * 1.2);
    // The pointer was in the middle, which therefore stays.
    assert.ok(Math.abs(zoomed.x - panned.x) < 1 && Math.abs(zoomed.y - panned.y) < 1);
  });

  test("while a crowded picture is panned, no half-drawn one is shown, and at rest it is as if it had not been", async () => {
    const canvas = await showing({ nodes: 2000 });
    await canvas.run((page) => {
      page.canvas.camera = { ...page.canvas.camera, scale: 0.3 };
    });
    const watched = await canvas.run((page) => page.panWatched());
    assert.equal(watched.torn, 0);
    assert.ok(watched.repaints >= 1, "nothing new came into sight");
    const [panned, painted] = await canvas.run(async (page) => {
      await page.settled();
      const afterwards = page.pixels();
      page.canvas.select(null);
      await page.settled();
      return [afterwards, page.pixels()];
    });
    assert.equal(panned, painted);
  });

  test("keys that pan move the picture by as many pixels as they say", async () => {
    const canvas = await showing({ nodes: 500 });
    const [before, after] = await canvas.run((page) => {
      const first = page.canvas.camera;
      for (let step = 0; step < 3; step++) page.canvas.panBy(40, -10);
      return [first, page.canvas.camera];
    });
    assert.ok(Math.abs((before.x - after.x) * after.scale - 120) < 1e-6);
    assert.ok(Math.abs((before.y - after.y) * after.scale + 30) < 1e-6);
    assert.equal(after.scale, before.scale);
  });

  test("other rates move nothing, change no view and add no element", async () => {
    const canvas = await showing({ nodes: 500 });
    const look = () => canvas.run((page) => [page.canvas.camera, page.elements(), page.canvas.counts.movedNodes]);
    const before = await look();
    await canvas.show({ nodes: 500, rates: 1.5 });
    await canvas.run((page) => page.settled());
    assert.deepEqual(await look(), before);
  });

  test("nodes that move take their time, and none where motion is not wanted", async () => {
    for (const wantsLessMotion of [false, true]) {
      const canvas = await showing({ nodes: "pitfalls" }, { wantsLessMotion });
      await canvas.show({ nodes: "pitfalls", shift: 200 });
      const repaints = await canvas.run(async (page) => {
        const first = page.canvas.counts.repaints;
        await page.settled();
        return page.canvas.counts.repaints - first;
      });
      assert.equal(await canvas.run((page) => page.canvas.counts.movedNodes), 16);
      if (wantsLessMotion) assert.ok(repaints <= 2, `${repaints} repaints`);
      else assert.ok(repaints > 2, `${repaints} repaints`);
      await canvas.close();
      open = undefined;
    }
  });

  test("what is drawn is bounded at 10,000 nodes: lines, words and calls to the canvas", async () => {
    const canvas = await showing({ nodes: 10_000 });
    const far = await canvas.run((page) => page.countedRepaint());
    assert.equal(far.last.detail, "overview");
    assert.ok(far.last.edges <= 400, `${far.last.edges} edges`);
    assert.ok(far.strokes <= 2500, `${far.strokes} strokes and fills`);
    const near = await canvas.run(async (page) => {
      page.canvas.camera = { ...page.canvas.camera, scale: 0.3 };
      await page.settled();
      return page.countedRepaint();
    });
    assert.ok(near.last.nodes <= 1200 && near.last.edges <= 3000);
    assert.ok(near.strokes <= 1500, `${near.strokes} strokes and fills`);
  });

  test("labels lie over no node and not over each other", async () => {
    const canvas = await showing({ nodes: 50 });
    const plates = await canvas.run((page) => page.labelOverlaps());
    assert.ok(plates.labels >= 20, `${plates.labels} labels`);
    assert.deepEqual(plates.overlaps, []);
  });

  test("selecting dims what is not connected", async () => {
    const canvas = await showing({ nodes: "pitfalls" });
    await centre(canvas, "legacy");
    const colour = () => canvas.run((page) => page.inkAt("legacy"));
    const before = await colour();
    await canvas.run(async (page) => {
      page.select({ what: "node", id: "service/prod-eu/shop/front" });
      await page.settled();
    });
    const dimmed = await colour();
    assert.ok(dimmed < before * 0.6, `${dimmed} of ${before}`);
  });

  test("a change of theme is drawn without being told", async () => {
    const canvas = await showing({ nodes: 50 });
    const svg = () => canvas.run((page) => page.canvas.toSvg());
    assert.match(await svg(), /#1f1f1f/);
    await canvas.theme("light");
    await canvas.run((page) => page.settled());
    const light = await svg();
    assert.match(light, /#ffffff/);
    assert.doesNotMatch(light, /#1f1f1f/);
  });

  test("high contrast draws outlines: nothing is filled but with the background", async () => {
    const canvas = await showing({ nodes: "pitfalls" }, { theme: "highContrast" });
    const svg = await canvas.run((page) => page.canvas.toSvg());
    const fills = new Set([...svg.matchAll(/<path [^>]*fill="([^"]*)"/g)].map((match) => match[1]));
    const edgeColours = ["#59a4f9", "#89d185", "#f48771", "#ffd370", "rgba(255, 255, 255, 0.7)", "#000000", "none"];
    assert.deepEqual(
      [...fills].filter((fill) => !edgeColours.includes(fill ?? "")),
      [],
    );
  });

  test("the SVG stands alone, is well-formed, and foreign names are text in it", async () => {
    const canvas = await showing({ nodes: "pitfalls" });
    const { svg, parsed } = await canvas.run((page) => {
      const text = page.canvas.toSvg();
      const document = new DOMParser().parseFromString(text, "image/svg+xml");
      const texts = [...document.querySelectorAll("text")].map((element) => element.textContent);
      return {
        svg: text,
        parsed: {
          errors: document.querySelectorAll("parsererror").length,
          foreign: document.querySelectorAll("img, script, foreignObject, style, [onerror], [href]").length,
          texts,
        },
      };
    });
    assert.equal(parsed.errors, 0);
    assert.equal(parsed.foreign, 0);
    assert.doesNotMatch(svg, /var\(|color-mix|http:\/\/(?!www\.w3\.org)/);
    assert.ok(parsed.texts.includes("reviews-v2"));
    assert.ok(parsed.texts.some((text) => text.startsWith(markupName.slice(0, 6))));
    assert.ok(
      parsed.texts.some((text) => {
        const [start = "", end] = text.split("…");
        return end !== undefined && start !== "" && longName.startsWith(start) && longName.endsWith(end);
      }),
    );
    // Nothing that turns the direction of a line gets through.
    assert.doesNotMatch(svg, /[\u202a-\u202e\u2066-\u2069]/);
    assert.ok(bidiName.includes("\u202e"));
  });

  test("the PNG holds the whole picture", async () => {
    const canvas = await showing({ nodes: "pitfalls" });
    const png = await canvas.run((page) => page.canvas.toPng());
    assert.match(png, /^data:image\/png;base64,/);
    const bytes = Buffer.from(png.slice(png.indexOf(",") + 1), "base64");
    // Width and height stand at bytes 16 and 20 of a PNG; the mesh is wider than it is high.
    assert.ok(bytes.readUInt32BE(16) > bytes.readUInt32BE(20));
  });

  test("a name of markup in the tooltip is text and runs nothing", async () => {
    const canvas = await showing({ nodes: "pitfalls" });
    const { x, y } = await centre(canvas, markupName);
    await canvas.page.mouse.move(x, y);
    const tip = canvas.page.locator(".fy-canvas-tip");
    await tip.getByText(markupName, { exact: true }).waitFor();
    assert.equal(await tip.locator("img").count(), 0);
    assert.equal(await canvas.page.evaluate("window.wasRun === undefined"), true);
  });

  test("an empty picture is blank and takes every call", async () => {
    const canvas = await showing({ nodes: 0 });
    const svg = await canvas.run((page) => {
      page.canvas.zoomBy(2);
      page.canvas.reveal({ what: "node", id: "workload/eu/shop/gone" });
      page.canvas.highlight({ what: "edge", id: "x" });
      page.select({ what: "box", id: "box/eu" });
      return page.canvas.toSvg();
    });
    assert.match(svg, /^<svg /);
  });

  test("after it is disposed of nothing of it is left, and no frame comes any more", async () => {
    const canvas = await showing({ nodes: 50, animation: true });
    const left = await canvas.run(async (page) => {
      page.canvas.dispose();
      const { repaints } = page.canvas.counts;
      window.dispatchEvent(new Event("resize"));
      document.body.className = "vscode-light";
      await page.frames(5);
      return { children: page.host.children.length, repaints: page.canvas.counts.repaints - repaints };
    });
    assert.deepEqual(left, { children: 0, repaints: 0 });
  });
});
