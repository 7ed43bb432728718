import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { seriousFindings, smallTargets } from "./support/axe.ts";
import { FakeHost } from "./support/fakeHost.ts";
import { PageLab, type OpenPage } from "./support/pageInBrowser.ts";
import type { ThemeName } from "./support/themes.ts";

let lab: PageLab;
before(async () => {
  lab = await PageLab.start("topology");
});
after(async () => {
  await lab.stop();
});

const problems = [
  {
    id: "slow",
    words: "Prometheus of demo-us did not answer.",
    canRetry: true,
    severity: "warning" as const,
    query: "up",
  },
  {
    id: "ns",
    words: "Namespace bank may not be read.",
    canRetry: false,
    severity: "error" as const,
    hint: "Ask for list.",
  },
];

const named = ({ page }: OpenPage, name: string) => page.locator(`[data-name="${name}"]`);

async function select({ page }: OpenPage): Promise<void> {
  await page.locator(".fy-tree").focus();
  await page.keyboard.press("Space");
  await page.locator(".uplot").waitFor();
}

/** Everything that can be on the page, as a person would bring it there and get rid of it again. */
interface Sight {
  readonly name: string;
  readonly show: (open: OpenPage) => Promise<void>;
  readonly hide: (open: OpenPage) => Promise<void>;
}

const stay = (): Promise<void> => Promise.resolve();

const press =
  (key: string) =>
  ({ page }: OpenPage) =>
    page.keyboard.press(key);

function toggled(name: string): Sight {
  const click = (open: OpenPage) => named(open, name).click();
  return { name, show: click, hide: click };
}

function popup(name: string): Sight {
  return { name, show: (open) => named(open, name).getByRole("button").first().click(), hide: press("Escape") };
}

async function travel(open: OpenPage, to: string): Promise<void> {
  await named(open, "time").click();
  await open.page.getByRole("option", { name: to }).click();
}

const sights: readonly Sight[] = [
  { name: "graph", show: stay, hide: stay },
  { ...toggled("legend") },
  { name: "help", show: (open) => named(open, "help").click(), hide: press("Escape") },
  ...["display", "namespaces", "sources", "export"].map(popup),
  { name: "view", show: (open) => named(open, "view").click(), hide: press("Escape") },
  {
    name: "replay",
    async show(open) {
      await travel(open, "Replay");
      await named(open, "frame").waitFor();
    },
    hide: (open) => travel(open, "Live"),
  },
  {
    name: "past",
    async show(open) {
      await travel(open, "Point in the past");
      await named(open, "past").waitFor();
    },
    hide: (open) => named(open, "back-to-live").click(),
  },
  { name: "panel", show: select, hide: stay },
  toggled("table"),
];

async function opened(host: FakeHost, options: Parameters<PageLab["open"]>[1]): Promise<OpenPage> {
  const open = await lab.open(host, options);
  await open.page.locator(".fy-status time").waitFor();
  return open;
}

describe("The topology page is usable by all", () => {
  for (const theme of ["dark", "light", "highContrast", "highContrastLight"] satisfies ThemeName[]) {
    it(`has nothing that axe calls serious in ${theme}, whatever is open`, async (context) => {
      const host = new FakeHost();
      host.problems = problems;
      const open = await opened(host, { theme });
      try {
        for (const { name, show, hide } of sights) {
          await show(open);
          await context.test(name, async () => {
            await open.picture(`${name}-${theme}`);
            assert.deepEqual(await seriousFindings(open.page), []);
          });
          await hide(open);
        }
      } finally {
        await open.close();
      }
    });

    it(`has nothing that axe calls serious in ${theme} without a picture`, async () => {
      const host = new FakeHost();
      host.empty = { cause: "noSeries", words: "Prometheus has no Istio series.", query: "up", wayOut: "runDoctor" };
      const open = await opened(host, { theme });
      try {
        assert.deepEqual(await seriousFindings(open.page), []);
        await open.picture(`empty-${theme}`);
      } finally {
        await open.close();
      }
    });
  }

  for (const [name, options] of Object.entries({
    "320 pixels": { width: 320, height: 700 },
    "200 percent of 1,280 pixels": { width: 1280, height: 800, scale: 2 },
  })) {
    it(`needs no sideways scrolling at ${name}, with everything open`, async () => {
      const host = new FakeHost();
      host.problems = problems;
      const open = await opened(host, options);
      try {
        await select(open);
        await travel(open, "Replay");
        const wide = await open.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wide <= 0, `${wide} pixels too wide`);
        const clipped = await open.page.evaluate(() =>
          [...document.querySelectorAll<HTMLElement>(".fy-button, .fy-dropdown, .fy-text-field, .fy-checkbox")]
            .filter((element) => element.checkVisibility())
            .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
            .map((element) => element.outerHTML.slice(0, 100)),
        );
        assert.deepEqual(clipped, []);
        await open.picture(name.split(" ").slice(0, 2).join("-"));
      } finally {
        await open.close();
      }
    });
  }

  it("has no target of less than 24 pixels", async () => {
    const host = new FakeHost();
    host.problems = problems;
    const open = await opened(host, {});
    try {
      await select(open);
      await named(open, "legend").click();
      await popup("display").show(open);
      assert.deepEqual(await smallTargets(open.page), []);
    } finally {
      await open.close();
    }
  });

  it("follows the theme without being loaded again", async () => {
    const open = await opened(new FakeHost(), { theme: "dark" });
    try {
      const background = () =>
        open.page.evaluate(
          () => getComputedStyle(document.querySelector(".fy-toolbar") ?? document.body).backgroundColor,
        );
      assert.equal(await background(), "rgb(31, 31, 31)");
      await open.setTheme("light");
      assert.equal(await background(), "rgb(255, 255, 255)");
      assert.deepEqual(await seriousFindings(open.page), []);
    } finally {
      await open.close();
    }
  });

  it("turns nothing while motion is not wanted", async () => {
    const host = new FakeHost();
    host.gate = new Promise(() => undefined);
    const open = await lab.open(host, { classes: ["vscode-reduce-motion"] });
    try {
      await open.page.locator('[data-empty="loading"]').waitFor();
      const running = await open.page.evaluate(
        () => document.getAnimations().filter((animation) => animation.playState === "running").length,
      );
      assert.equal(running, 0);
    } finally {
      await open.close();
    }
  });
});
