// Renders tools/icon.svg to media/icon.png (256 x 256), which the marketplaces show. Run after changing the drawing.
//
//   node tools/icons.mjs

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const at = (file) => fileURLToPath(new URL(file, import.meta.url));
const drawing = readFileSync(at("icon.svg"), "utf8");

const browser = await chromium.launch({
  executablePath: process.env.FOREYARD_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
  await page.setContent(`<style>body{margin:0}</style>${drawing}`);
  await page.screenshot({ path: at("../media/icon.png"), omitBackground: true });
} finally {
  await browser.close();
}
