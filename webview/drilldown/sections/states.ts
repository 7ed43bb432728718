import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import { button, icon } from "../../shared/controls.ts";
import type { Failure } from "../../shared/failure.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";

/** The outline of a level that takes a while. */
export function skeleton(): TemplateResult {
  const blocks = (howMany: number, kind: string) =>
    Array.from({ length: howMany }, () => html`<span class="fy-block fy-block-${kind}"></span>`);
  return html`<div class="fy-skeleton" data-state="loading">
    <p class="fy-spoken">${words(say("Reading …"))}</p>
    <span class="fy-block fy-block-title"></span>
    <span class="fy-block fy-block-line"></span>
    <div class="fy-block-row">${blocks(6, "figure")}</div>
    <div class="fy-block-row">${blocks(3, "chart")}</div>
    ${blocks(6, "line")}
  </div>`;
}

/** Nothing could be read, and the ways out. */
export function unread(model: DrilldownModel, failure: Failure): TemplateResult {
  const hasMesh = model.facts !== undefined && model.facts.meshId !== "";
  const take = (way: string) => void model.quietly(() => model.host.ask("way.take", { way }));
  return html`<div class="fy-unread" data-state=${hasMesh ? "failed" : "no-mesh"} role="alert">
    ${icon(hasMesh ? "error" : "plug")}
    <h2>${hasMesh ? words(say("This could not be read")) : words(say("No mesh to look at"))}</h2>
    <p><bdi>${failure.words} ${failure.hint ?? ""}</bdi></p>
    <div class="fy-actions">
      ${
        hasMesh
          ? nothing
          : button({
              ...{ label: words(say("Connect to Cluster …")), kind: "primary", name: "way-connect" },
              onClick: () => take("connect"),
            })
      }
      ${button({ label: words(say("Try again")), kind: hasMesh ? "primary" : "secondary", name: "way-out", onClick: () => model.retry() })}
      ${
        model.state.back.length > 0
          ? button({ label: words(say("Back")), kind: "secondary", name: "way-back", onClick: () => model.back() })
          : nothing
      }
      ${
        hasMesh
          ? button({
              ...{ label: words(say("Run Doctor")), kind: "secondary", name: "way-doctor" },
              onClick: () => take("runDoctor"),
            })
          : nothing
      }
    </div>
  </div>`;
}
