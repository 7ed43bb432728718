import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openWorkbench, type Theme, type Workbench } from "./support/workbench.ts";

describe("a new user with no kubeconfig, in a real VS Code", { timeout: 300_000 }, () => {
  let code: Workbench;

  before(async () => {
    code = await openWorkbench({ files: { "app.yaml": "kind: Service\n" } });
  });
  after(() => code.close());

  test("C11, C9: before the Foreyard icon is clicked there is no status bar item and no notification", async () => {
    assert.equal(await code.page.locator(".statusbar-item", { hasText: /demo|foreyard/i }).count(), 0);
    assert.equal(await code.page.locator(".notification-toast").count(), 0);
  });

  test("V3: the first view says that there is no kubeconfig and offers the demo mesh", async () => {
    await code.openViews();
    await code.pane("Meshes").getByText("No kubeconfig context was found on this machine.").waitFor();
    await code.picture("welcome-no-kubeconfig");
  });

  test("O2: one click opens the demo mesh: clusters, services and workloads with numbers", async () => {
    await code.page.getByRole("button", { name: "Open the Demo Mesh" }).click();
    await code.row(/^prod-eu/).waitFor();
    await code.page.getByRole("treeitem", { name: /^shop.*services/ }).click();
    await code.row(/^reviews, .*rps/).waitFor();
    const rows = await code.rows("Services");
    const reviews = rows.find((row) => row.startsWith("reviews"));
    assert.match(reviews ?? "", /^reviews ?[\d.]+k? rps · [\d.<]+% · p95 [\d.]+ m?s/);
    const database = rows.find((row) => row.startsWith("orders-db"));
    assert.match(database ?? "", /^orders-db ?↓[\d.]+ k?B\/s ↑[\d.]+ k?B\/s/);
    assert.doesNotMatch(database ?? "", /rps/);
    assert.match(rows.find((row) => row.startsWith("legacy")) ?? "", /idle/);
  });

  test("V14: the badge on the icon counts what is failing and degraded", async () => {
    const badge = code.page.locator('.activitybar a.action-label[aria-label^="Foreyard"] ~ .badge .badge-content');
    assert.match(await badge.innerText(), /^[1-9]\d*$/);
  });

  test("the trail of the errors leads from the workload to one pod and its node", async () => {
    await code.page.getByRole("treeitem", { name: /^shop.*workloads/ }).click();
    await code.row(/^reviews-v2,/).click();
    await code.page.keyboard.press("ArrowRight");
    await code.row(/^reviews-v2-.*OOMKilled/).waitFor();
  });

  test("the numbers move", async () => {
    const read = async (): Promise<string> => (await code.rows("Services")).join("\n");
    const first = await read();
    await code.page.waitForFunction(
      (before) =>
        ![...document.querySelectorAll('.sidebar [role="treeitem"]')]
          .map((row) => (row as HTMLElement).innerText)
          .some((text) => before.includes(text.replace(/\s+/g, " ").trim()) && /rps/.test(text) && false) &&
        [...document.querySelectorAll('.sidebar [role="treeitem"]')].some((row) => {
          const text = (row as HTMLElement).innerText.replace(/\s+/g, " ").trim();
          return /rps/.test(text) && !before.includes(text);
        }),
      first,
    );
    assert.notEqual(await read(), first);
  });

  test("R1, R2: a row opens as a read-only YAML document without managed fields", async () => {
    const row = code.row(/^reviews, .*rps/);
    await row.hover();
    await row.getByRole("button", { name: "Open YAML" }).click();
    await code.page.locator(".tab", { hasText: "reviews" }).waitFor();
    const text = code.page.locator(".monaco-editor .view-lines").first();
    await text.getByText("kind").first().waitFor();
    const shown = (await text.innerText()).replaceAll("\u00a0", " ");
    assert.match(shown, /apiVersion: v1\s+kind: Service/);
    assert.doesNotMatch(shown, /managedFields|last-applied/);
    await code.page.keyboard.press("Control+Home");
    await code.page.keyboard.type("x");
    await code.page
      .getByText(/Live object/)
      .first()
      .waitFor();
    await code.page.keyboard.press("Escape");
  });

  test("Doctor opens a Markdown document that names what it found", async () => {
    await code.command("Foreyard: Doctor");
    const editor = code.page.locator(".editor-group-container .view-lines").last();
    await editor.getByText("Foreyard").first().waitFor();
    await code.picture("doctor");
  });

  test("M5: nothing left this machine and no activation failed", () => {
    assert.deepEqual(code.outside, []);
    assert.deepEqual(
      code.console.filter((line) => /Activating extension .* failed/.test(line)),
      [],
    );
  });
});

const themes: readonly (readonly [Theme, string])[] = [
  ["Dark Modern", "dark"],
  ["Light Modern", "light"],
  ["Dark High Contrast", "high-contrast-dark"],
  ["Light High Contrast", "high-contrast-light"],
];

for (const [theme, name] of themes) {
  test(`V9: the three trees in ${theme}, with a picture for people`, { timeout: 180_000 }, async () => {
    const code = await openWorkbench({
      theme,
      settings: { "foreyard.demo.connectOnOpen": true },
      size: { width: 1100, height: 1000 },
    });
    try {
      await code.openViews();
      await code.row(/^shop.*services/).click();
      await code.row(/^reviews, .*rps/).waitFor();
      await code.page.getByRole("treeitem", { name: /^shop.*workloads/ }).click();
      await code.row(/^reviews-v2, .*rps/).waitFor();
      // Health is a shape, not only a colour.
      const shapes = await code
        .pane("Services")
        .locator('.codicon[class*="codicon-"]')
        .evaluateAll((icons) => [
          ...new Set(
            icons.flatMap((icon) => [...icon.classList].filter((each) => /^codicon-(pass|warning|error)/.test(each))),
          ),
        ]);
      assert.ok(shapes.length >= 2, shapes.join(", "));
      await code.picture(`demo-${name}`);
    } finally {
      await code.close();
    }
  });
}
