import { createFormat } from "../../../src/mesh/format/format.ts";
import { registerControls } from "../../../webview/shared/controls.ts";
import type { ChartsEvents, ChartsState, ChartValues } from "../../../webview/shared/charts/chartValues.ts";
import { Charts } from "../../../webview/shared/charts/fy-charts.ts";
import "../../../webview/shared/css/base.css";
import "../../../webview/shared/css/content.css";
import "../../../webview/shared/css/popups.css";
import "../../../webview/shared/css/states.css";
import { syntheticCharts, type SyntheticOptions } from "./syntheticCharts.ts";

// The charts alone on a page, for tests and benches: this runs in the browser.

registerControls();
document.title = "Charts";
document.body.classList.add("fy-charts-lab");

export interface Told {
  readonly name: keyof ChartsEvents;
  readonly detail: unknown;
}

export class ChartsLabPage {
  readonly told: Told[] = [];
  element: Charts | undefined;

  /** Shows charts; whoever listens keeps the state as a page does. */
  show(values: ChartValues, state: Partial<ChartsState> = {}, locale = "en"): Charts {
    this.element?.remove();
    const element = new Charts();
    const names = [
      "fy-charts-state",
      "fy-charts-range",
      "fy-charts-csv",
      "fy-charts-query",
      "fy-charts-wanted",
    ] as const;
    for (const name of names) {
      element.addEventListener(name, (event) => {
        const { detail } = event as CustomEvent<unknown>;
        this.told.push({ name, detail });
        if (name === "fy-charts-state") element.state = detail as ChartsState;
      });
    }
    element.format = createFormat(locale);
    element.values = values;
    element.name = "reviews";
    element.tools = ["prometheus"];
    element.state = { by: {}, stacked: [], tables: [], ...state };
    (document.querySelector("#app") ?? document.body).append(element);
    this.element = element;
    return element;
  }

  synthetic(options: SyntheticOptions = {}, state: Partial<ChartsState> = {}): void {
    this.show(syntheticCharts(options), state);
  }

  /** Takes the charts away; returns how many canvases are left. */
  remove(): number {
    this.element?.remove();
    this.element = undefined;
    return document.querySelectorAll("canvas").length;
  }

  /** Two frames on: whatever was to be drawn is drawn. */
  async settled(): Promise<void> {
    await this.element?.updateComplete;
    await frame();
    await frame();
  }

  /** From the values to the painted frame (ms). */
  async firstPaint(options: SyntheticOptions = {}): Promise<number> {
    const values = syntheticCharts(options);
    this.element?.remove();
    await frame();
    await frame();
    const since = performance.now();
    const element = this.show(values);
    await element.updateComplete;
    await frame();
    await afterPaint();
    return performance.now() - since;
  }

  /** Script of each of so many updates (ms): from setting values until nothing is left to do but painting. */
  async updates(runs: number, options: SyntheticOptions = {}): Promise<number[]> {
    const element = this.element;
    if (!element) return [];
    const spent: number[] = [];
    for (let run = 1; run <= runs; run++) {
      const values = syntheticCharts({ ...options, tick: run });
      const next = { ...values, offers: element.values.offers };
      await frame();
      const since = performance.now();
      element.values = next;
      await element.updateComplete;
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      spent.push(performance.now() - since);
      await frame();
    }
    return spent;
  }

  /** Script of one move of the cursor over all charts (ms). */
  async moves(runs: number): Promise<number[]> {
    const over = document.querySelector<HTMLElement>(".u-over");
    if (!over) return [];
    const box = over.getBoundingClientRect();
    const spent: number[] = [];
    over.dispatchEvent(new MouseEvent("mouseenter", { clientX: box.left + 5, clientY: box.top + 20 }));
    for (let run = 0; run < runs; run++) {
      const at = {
        clientX: box.left + 5 + ((run * 7) % Math.max(1, box.width - 10)),
        clientY: box.top + 20,
        bubbles: true,
      };
      over.dispatchEvent(new MouseEvent("mousemove", at));
      const since = performance.now();
      await frame();
      await frame();
      spent.push(performance.now() - since);
    }
    return spent;
  }
}

export function frame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
}

function afterPaint(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}

(window as unknown as { lab: ChartsLabPage }).lab = new ChartsLabPage();
