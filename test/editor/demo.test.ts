import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { inPage, openWorkbench, themeClasses, type Theme, type Workbench } from "./support/workbench.ts";

describe("a new user with no kubeconfig, in a real VS Code", { timeout: 240_000 }, () => {
  let code: Workbench;

  before(async () => {
    code = await openWorkbench({
      files: { "app.yaml": "kind: Service\n" },
      settings: { "foreyard.metrics.refreshSeconds": 5 },
      // Rows out of sight are not drawn.
      size: { width: 1280, height: 1500 },
    });
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(() => code.close());

  test("C11, C9: before the Foreyard icon is clicked there is no status bar item and no notification", async () => {
    await code.icon.waitFor();
    assert.equal(await code.page.locator(".statusbar-item", { hasText: /demo|foreyard/i }).count(), 0);
    assert.equal(await code.page.locator(".notification-toast").count(), 0);
  });

  test("V3: the first view says that there is no kubeconfig and offers the demo mesh", async () => {
    await code.openViews();
    await code.pane("Meshes").getByText("No kubeconfig context was found on this machine.").waitFor();
    assert.equal(await code.pane("Meshes").getByRole("button", { name: "Open the Demo Mesh" }).count(), 1);
    await code.picture("welcome-no-kubeconfig");
  });

  test("O2: one click opens the demo mesh with its clusters", async () => {
    await code.page.getByRole("button", { name: "Open the Demo Mesh" }).click();
    await code.row("Meshes", /^cluster\.local, (.+, )?2 clusters, \d+ of \d+ services in mesh\b/).waitFor();
    await code.row("Meshes", /^demo-eu, .*Istio 1\.\d+\.\d+/).waitFor();
    await code.row("Meshes", /^demo-us, .*Istio 1\.\d+\.\d+/).waitFor();
  });

  test("C11: the status bar says what this window shows", async () => {
    const item = code.page.locator(".statusbar-item", { hasText: "demo mesh" });
    await item.waitFor();
    assert.equal(await item.locator("a").getAttribute("aria-label"), "Foreyard shows demo mesh");
  });

  test("services have rates, errors and latency; pure TCP ones bytes each way; idle ones say so", async () => {
    await code.open("Services", /^shop, .*services/);
    await code.row("Services", /^reviews, (degraded|failing), [\d.]+ rps, [\d.]+%, p95 \d+ m?s$/).waitFor();
    await code.row("Services", /^ratings, healthy, [\d.]+ rps, [<\d.]+%, 2 clusters$/).waitFor();
    await code.row("Services", /^orders-db, healthy, ↓[\d.]+ k?B\/s ↑[\d.]+ k?B\/s$/).waitFor();
    await code.row("Services", /^legacy, idle, idle, not in mesh$/).waitFor();
  });

  test("V14: the badge on the icon counts what is failing and degraded, and says it in words", async () => {
    await code.page
      .locator('.activitybar a[aria-label*="1 degraded"], .activitybar a[aria-label*="1 failing"]')
      .waitFor();
    const badge = code.page
      .locator(".activitybar li.action-item", { has: code.page.locator('[aria-label^="Foreyard"]') })
      .locator(".badge-content");
    assert.equal(await badge.innerText(), "1");
  });

  test("the trail of the errors leads from the workload to one pod and its node", async () => {
    await code.open("Workloads", /^shop, .*workloads/);
    await code.open("Workloads", /^reviews-v2, failing, /);
    await code.row("Workloads", /^reviews-v2-[-\w]+, degraded, node-b, OOMKilled \d+ min ago, \d+ restarts$/).waitFor();
    await code.row("Workloads", /^reviews-v2-[-\w]+, healthy, node-/).waitFor();
  });

  test("a row's tooltip has its facts in full", async () => {
    await code.row("Services", /^reviews, /).hover();
    const tooltip = code.page.locator(".workbench-hover:visible");
    await tooltip.getByText("reviews").first().waitFor();
    await tooltip
      .getByText(/5xx|errors/i)
      .first()
      .waitFor();
    await code.picture("demo-tooltip");
  });

  test("V7: the numbers move, and the row that is open stays open", async () => {
    const first = await code.rows("Services");
    const moved = await eventually("a service has other numbers", async () => {
      const now = await code.rows("Services");
      return now.find((row) => / rps, /.test(row) && !first.includes(row));
    });
    const name = moved.replace(/,.*/, "");
    assert.ok(first.some((row) => row.startsWith(`${name}, `)));
    assert.equal(await code.row("Workloads", /^reviews-v2, /).getAttribute("aria-expanded"), "true");
  });

  test("R1, R2: a row opens as a read-only YAML document without managed fields", async () => {
    await code.openYaml("Services", /^reviews, /);
    await code.page.locator(".tab", { hasText: "reviews.yaml" }).waitFor();
    const text = await eventually("the document is shown", async () => {
      const shown = await code.editorText();
      return shown.includes("kind: Service") && shown;
    });
    assert.match(text, /apiVersion: v1\s+kind: Service\s+metadata:\n[^]* {2}name: reviews\n {2}namespace: shop\n/);
    assert.doesNotMatch(text, /managedFields|last-applied/);
    await code.page.locator(".monaco-editor .view-lines").first().click();
    await code.page.keyboard.type("x");
    await code.page.getByText("This is a live object, shown as its cluster has it.").first().waitFor();
    await code.picture("demo-document");
    await code.page.keyboard.press("Escape");
  });

  test("V6: Reveal in Foreyard selects the row of the document in front", async () => {
    await code.row("Services", /^cart, /).click();
    await code.page.getByRole("button", { name: "Reveal in Foreyard" }).click();
    await code.pane("Services").locator('[role="treeitem"][aria-selected="true"][aria-label^="reviews, "]').waitFor();
  });

  test("O4: Doctor opens a Markdown document that names what it found", async () => {
    await code.command("Foreyard: Doctor");
    const text = await eventually("the report is shown", async () => {
      const shown = await code.editorText();
      return /^# /m.test(shown) && shown;
    });
    assert.match(text, /demo mesh/);
    await code.picture("doctor");
    await code.command("View: Revert and Close Editor");
    await code.page.locator(".tab", { hasText: "Doctor" }).waitFor({ state: "detached" });
  });

  test("M5: nothing left this machine and no activation failed", () => {
    assert.deepEqual(code.outside, []);
    assert.deepEqual(
      code.console.filter((line) => /Activating extension .* failed/.test(line)),
      [],
    );
  });

  const themes: readonly (readonly [Theme, string])[] = [
    ["Light Modern", "light"],
    ["Default High Contrast", "high-contrast-dark"],
    ["Default High Contrast Light", "high-contrast-light"],
    ["Dark Modern", "dark"],
  ];
  for (const [theme, name] of themes) {
    test(`V9: in ${theme} health is told by shapes, with a picture for people`, async () => {
      await code.page.setViewportSize({ width: 1100, height: 1400 });
      await code.theme(theme);
      await code.sideBarWidth(420);
      const icons = code.pane("Services").locator(".custom-view-tree-node-item-icon");
      const shapes = await inPage(icons, (all) => all.map((icon) => icon.className));
      for (const shape of ["codicon-pass", "codicon-warning", "codicon-circle-outline"])
        assert.ok(
          shapes.some((each) => each.split(" ").includes(shape)),
          `${shape} in ${shapes.join(", ")}`,
        );
      await code.picture(`demo-${name}`);
    });
  }

  test("a narrow side bar keeps names whole and cuts facts", async () => {
    await code.sideBarWidth(250);
    const name = code.row("Services", /^orders-db, /).locator(".label-name");
    const [shown, needed] = await inPage(name, ([label]) => [label?.clientWidth, label?.scrollWidth]);
    assert.ok(shown !== undefined && needed !== undefined && shown >= needed, `${shown} of ${needed} pixels`);
    await code.picture("demo-narrow");
  });

  test("every theme has a class to tell it by", () => {
    assert.deepEqual(themes.map(([theme]) => theme).sort(), Object.keys(themeClasses).sort());
  });
});
