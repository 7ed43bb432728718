import { html, nothing, type TemplateResult } from "lit";
import { say, type Message } from "../../../src/mesh/message.ts";
import type { StoreLine } from "../../../src/protocol/topology/graphSnapshot.ts";
import { icon } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { PageModel } from "../pageModel.ts";

const stateOf: Readonly<Record<StoreLine["state"], { readonly icon: string; readonly words: Message }>> = {
  ready: { icon: "pass", words: say("ready") },
  none: { icon: "circle-slash", words: say("no Prometheus") },
  error: { icon: "error", words: say("failed") },
  stale: { icon: "clock", words: say("stale") },
};

/** Which cluster's numbers come from where, and how old they are. */
export function sourcesList(model: PageModel): TemplateResult {
  const stores = model.picture?.snapshot.stores ?? [];
  if (stores.length === 0) return html`<p class="fy-quiet">${words(say("Nothing was read yet."))}</p>`;
  return html`<h3>${words(say("Sources of the numbers"))}</h3>
    <ul class="fy-sources">
      ${stores.map((store) => sourceLine(store, model))}
    </ul>`;
}

function sourceLine(store: StoreLine, { format, facts }: PageModel): TemplateResult {
  const { words: state, icon: name } = stateOf[store.state];
  const parts = [
    words(state),
    ...(store.label === null || store.label === store.cluster ? [] : [words(say("label {0}", store.label))]),
    ...(store.isDerived ? [words(say("cluster derived from the source"))] : []),
    ...store.dialects,
    ...(store.scrapeIntervalSeconds === null
      ? []
      : [words(say("every {0}", format.duration(store.scrapeIntervalSeconds)))]),
  ];
  const measured = store.measuredAt === null ? undefined : new Date(store.measuredAt);
  return html`<li class="fy-source fy-source-${store.state}">
    ${icon(name)}
    <span>
      <bdi class="fy-name">${store.cluster}</bdi>
      <span class="fy-quiet">${parts.join(" · ")}</span>
      ${
        measured
          ? html`<span class="fy-quiet" title=${measured.toLocaleString(facts?.locale)}>
              · ${words(say("measured {0}", measured.toLocaleTimeString(facts?.locale)))}</span
            >`
          : nothing
      }
    </span>
  </li>`;
}
