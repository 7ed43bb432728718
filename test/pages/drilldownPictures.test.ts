import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { seriousFindings, smallTargets } from "./support/axe.ts";
import { DemoDrilldown } from "./support/demoDrilldown.ts";
import { DrilldownHost } from "./support/drilldownHost.ts";
import { PageLab } from "./support/pageInBrowser.ts";
import type { ThemeName } from "./support/themes.ts";

// The demo mesh with a node under memory pressure, as a person sees it. The pictures are looked at.

let lab: PageLab;
let mesh: DemoDrilldown;
before(async () => {
  [lab, mesh] = await Promise.all([PageLab.start("drilldown"), DemoDrilldown.open("nodePressure")]);
});
after(async () => {
  mesh.dispose();
  await lab.stop();
});

const levels = ["mesh", "meshService", "workload", "pod", "node"] as const;
/** Every width in one theme, and every theme in one width: colours and room are looked at by themselves. */
const looks: readonly (readonly [ThemeName, number])[] = [
  ...[320, 900, 1600].map((width) => ["dark", width] as const),
  ...(["light", "highContrast", "highContrastLight"] as const).map((theme) => [theme, 900] as const),
];

describe("A level of the demo mesh", () => {
  for (const level of levels) {
    for (const [theme, width] of looks) {
      it(`fits and reads well: ${level} in ${theme} at ${width} pixels`, async () => {
        const host = new DrilldownHost();
        host.mesh = mesh;
        const at = mesh.way.findIndex((part) => part.level === level);
        assert.ok(at >= 0, "the way leads through this level");
        host.facts = { path: mesh.way.slice(0, at + 1), meshId: mesh.way[0]?.ref.name ?? "" };
        const open = await lab.open(host, { theme, width, height: width === 320 ? 4200 : 1800 });
        try {
          await open.page.locator(".fy-title").first().waitFor();
          await open.page.locator(".uplot").first().waitFor({ state: "attached", timeout: 10_000 });
          await open.page.locator(".fy-working:not(.fy-on)").waitFor({ state: "attached" });
          await open.picture(`demo-${level}-${theme}-${width}`);
          assert.deepEqual(await seriousFindings(open.page), []);
          assert.deepEqual(await smallTargets(open.page), []);
          const wide = await open.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(wide <= 0, `${wide} pixels too wide`);
          assert.deepEqual(open.complaints, []);
        } finally {
          await open.close();
        }
      });
    }
  }
});
