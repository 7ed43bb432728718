import { html, nothing, type TemplateResult } from "lit";
import { say, type Message } from "../../../src/mesh/message.ts";
import type { EmptyLine } from "../../../src/protocol/topology/graphSnapshot.ts";
import { button, icon, progressRing } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { PageModel } from "../pageModel.ts";

const titles: Readonly<Record<EmptyLine["cause"], Message>> = {
  noPrometheus: say("No Prometheus"),
  noSeries: say("No Istio metrics"),
  wrongLabels: say("The metrics lack labels"),
  noTraffic: say("No traffic in this window"),
  shortWindow: say("The window is too short"),
  filtered: say("Nothing in the chosen namespaces"),
  noAnswer: say("No answer"),
};

/** In place of the picture: why there is none, what was asked, and the way out. */
export function emptyState(model: PageModel): TemplateResult | typeof nothing {
  const { picture, failure } = model;
  if (!picture) return failure ? failed(model, failure) : waiting();
  const { empty, nodes } = picture.snapshot;
  if (empty) return explained(model, empty);
  if (nodes.count > 0 && picture.isBlank) return allOff(model);
  return nothing;
}

function waiting(): TemplateResult {
  return html`<div class="fy-empty" data-empty="loading">
    ${progressRing(words(say("Reading the mesh")))}
    <p>${words(say("Reading the mesh …"))}</p>
  </div>`;
}

function failed(model: PageModel, failure: { words: string; hint: string | undefined }): TemplateResult {
  return html`<div class="fy-empty" data-empty="failed" role="alert">
    ${icon("error")}
    <h2>${words(say("The topology could not be read"))}</h2>
    <p>${failure.words} ${failure.hint ?? ""}</p>
    <div class="fy-actions">
      ${button({ label: words(say("Try again")), kind: "primary", name: "way-out", onClick: () => model.retry() })}
    </div>
  </div>`;
}

function explained(model: PageModel, empty: EmptyLine): TemplateResult {
  const { query } = empty;
  return html`<div class="fy-empty" data-empty=${empty.cause}>
    ${icon("type-hierarchy")}
    <h2>${words(titles[empty.cause])}</h2>
    <p><bdi>${empty.words}</bdi></p>
    <div class="fy-actions">
      ${button({ ...wayOut(model, empty), kind: "primary", name: "way-out" })}
      ${query === null ? nothing : button({ label: words(say("Copy query")), icon: "copy", kind: "secondary", onClick: () => void model.copy(query) })}
    </div>
    ${query === null ? nothing : html`<pre class="fy-query" tabindex="0" aria-label=${words(say("Query"))}><bdi>${query}</bdi></pre>`}
  </div>`;
}

/** What the page can do itself it does; the rest is the editor's. */
function wayOut(model: PageModel, empty: EmptyLine): { readonly label: string; readonly onClick: () => void } {
  const { state, format } = model;
  switch (empty.wayOut) {
    case "widenWindow": {
      const seconds = empty.windowSeconds ?? Math.min(86_400, state.windowSeconds * 6);
      return {
        label: words(say("Show the last {0}", format.duration(seconds))),
        onClick: () => model.change({ windowSeconds: seconds }),
      };
    }
    case "allNamespaces":
      return {
        label: words(say("Show all namespaces")),
        onClick: () => model.change({ namespaces: model.facts?.namespaces ?? null }),
      };
    case "showIdle":
      return {
        label: words(say("Show idle nodes and edges")),
        onClick: () => model.change({ show: { ...state.show, idleNodes: true, idleEdges: true } }),
      };
    case "retry":
      return { label: words(say("Try again")), onClick: () => model.retry() };
    case "setPrometheus":
      return { label: words(say("Set Prometheus …")), onClick: () => void model.takeWay(empty.wayOut, null) };
    case "runDoctor":
      return { label: words(say("Run Doctor")), onClick: () => void model.takeWay(empty.wayOut, null) };
  }
}

function allOff(model: PageModel): TemplateResult {
  return html`<div class="fy-empty" data-empty="off">
    ${icon("eye-closed")}
    <h2>${words(say("Everything is switched off"))}</h2>
    <p>
      ${words(say("The mesh has {0} nodes; what is hidden or switched off leaves none of them.", model.picture?.snapshot.nodes.count ?? 0))}
    </p>
    <div class="fy-actions">
      ${button({ label: words(say("Show everything")), kind: "primary", name: "way-out", onClick: () => model.showEverything() })}
    </div>
  </div>`;
}
