import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { WireOrigin } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { button } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";

/** Where a number comes from, and the query that returns it. */
export function querySheet(model: DrilldownModel, title: string, { source, queries }: WireOrigin): TemplateResult {
  const actions = model.level?.actions.map(({ action }) => action) ?? [];
  return html`<h3><bdi>${title}</bdi></h3>
    <p class="fy-quiet"><bdi>${words(say("From {0}", source))}</bdi></p>
    ${queries.map(
      (query) =>
        html`<pre class="fy-query" tabindex="0" aria-label=${words(say("Query"))}><bdi>${query}</bdi></pre>
          <div class="fy-actions">
            ${button({ label: words(say("Copy query")), icon: "copy", name: "copy-query", onClick: () => model.copy(query) })}
            ${
              actions.includes("openPrometheus")
                ? button({
                    ...{ label: words(say("Open in Prometheus")), icon: "link-external", name: "open-prometheus" },
                    onClick: () => model.openQuery(query, "prometheus"),
                  })
                : nothing
            }
            ${
              actions.includes("openGrafana")
                ? button({
                    ...{ label: words(say("Open in Grafana")), icon: "graph-line", name: "open-grafana" },
                    onClick: () => model.openQuery(query, "grafana"),
                  })
                : nothing
            }
          </div>`,
    )}
    ${queries.length === 0 ? html`<p>${words(say("It is read as it is; there is no query."))}</p>` : nothing}`;
}
