import { html, LitElement, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import { button } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";

const shownAtFirst = 12;
/** As many as are drawn at a time; the next ones come on demand, so that no number of labels stops the page. */
const atATime = 200;

/** Values of one fact as chips: labels, hosts, ports. */
export class Values extends LitElement {
  static override properties = { values: { attribute: false }, of: { attribute: false }, shown: { state: true } };

  declare values: readonly string[];
  declare of: string;
  declare shown: number;

  constructor() {
    super();
    this.values = [];
    this.of = "";
    this.shown = shownAtFirst;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { values, shown } = this;
    const left = values.length - shown;
    return html`<ul class="fy-chips" aria-label=${this.of}>
        ${values.slice(0, shown).map((value) => html`<li class="fy-chip"><bdi>${value}</bdi></li>`)}
      </ul>
      ${
        left > 0
          ? button({
              label:
                left > atATime
                  ? words(say("Show {0} more of {1}", atATime, left))
                  : words(say("Show all {0}", values.length)),
              name: "all-values",
              onClick: () => {
                this.shown += left > atATime ? atATime : left;
              },
            })
          : shown > shownAtFirst && values.length > shownAtFirst
            ? button({
                label: words(say("Show less")),
                onClick: () => {
                  this.shown = shownAtFirst;
                },
              })
            : nothing
      }`;
  }
}

customElements.define("fy-values", Values);
