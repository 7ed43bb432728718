import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import { icon } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import { ModelElement } from "../modelElement.ts";
import { ageOf, isStale } from "../time/age.ts";

/** The bottom line: of when the numbers are, and where from. */
export class StatusLine extends ModelElement {
  #ticking: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticking = setInterval(() => {
      if (document.visibilityState === "visible") this.requestUpdate();
    }, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    return html`<footer class="fy-status">
      <span class="fy-working ${model.isReading ? "fy-on" : ""}" aria-hidden="true">${icon("loading")}</span>
      ${this.#time()} ${this.#sources()}
      <span class="fy-gap"></span>
      ${model.facts?.isDemo ? html`<span class="fy-tag">${words(say("demo mesh"))}</span>` : nothing} ${this.#spent()}
    </footer>`;
  }

  #time(): TemplateResult | typeof nothing {
    const { model } = this;
    const snapshot = model.picture?.snapshot;
    if (!snapshot) return nothing;
    const at = new Date(snapshot.atMillis);
    const age = ageOf(model, Date.now());
    const stale = isStale(model, Date.now());
    return html`<time datetime=${at.toISOString()} title=${at.toLocaleString(model.format.locale)}
        >${at.toLocaleTimeString(model.format.locale)}</time
      >
      <span class="fy-stale" ?hidden=${!stale}>${icon("clock")} ${words(model.format.ago(age))}</span>
      <span>${words(say("last {0}", model.format.duration(snapshot.windowSeconds)))}</span>`;
  }

  #sources(): TemplateResult | typeof nothing {
    const { model } = this;
    const stores = model.picture?.snapshot.stores ?? [];
    const ready = stores.filter((store) => store.state === "ready" || store.state === "stale");
    if (ready.length === 0) return nothing;
    const intervals = new Set(ready.map((store) => store.scrapeIntervalSeconds));
    const scrape = [...intervals]
      .filter((seconds) => seconds !== null)
      .map((seconds) => model.format.duration(seconds));
    const dialects = [...new Set(ready.flatMap((store) => store.dialects))];
    const from = ready.length === 1 ? (ready[0]?.cluster ?? "") : words(say("{0} clusters", ready.length));
    return html`${
        scrape.length === 0
          ? nothing
          : html`<span title=${words(say("Scrape interval"))}>${words(say("every {0}", scrape.join(", ")))}</span>`
      }
      ${dialects.length === 0 ? nothing : html`<span title=${words(say("Dialects of the metrics"))}>${dialects.join(", ")}</span>`}
      <bdi title=${words(say("Source"))}>${from}</bdi>`;
  }

  #spent(): TemplateResult | typeof nothing {
    const { model } = this;
    const snapshot = model.picture?.snapshot;
    if (!snapshot) return nothing;
    const { spent, nodes, edges } = snapshot;
    const { format } = model;
    const parts = [
      words(say("{0} queries", format.count(spent.queries))),
      words(say("{0} received", sizeOf(spent.bytes, format.locale))),
      words(say("waited {0}", format.latency(spent.wait / 1000))),
      words(say("decoded {0}", format.latency(spent.decode / 1000))),
      words(say("graph {0}", format.latency(spent.graph / 1000))),
    ];
    const total = format.latency((spent.wait + spent.decode + spent.graph) / 1000);
    return html`<span>${words(say("{0} nodes, {1} edges", format.count(nodes.count), format.count(edges.count)))}</span>
      <span title=${parts.join(" · ")}>${words(say("in {0}", total))}</span>`;
  }
}

function sizeOf(bytes: number, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: bytes < 1e6 ? "kilobyte" : "megabyte",
    maximumSignificantDigits: 2,
  }).format(bytes < 1e6 ? bytes / 1e3 : bytes / 1e6);
}

customElements.define("fy-status-line", StatusLine);
