import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { say, type Message } from "../../../src/mesh/message.ts";
import { button, icon } from "../../shared/controls.ts";
import { stateIcons, stateWords } from "../../shared/healthWords.ts";
import { words } from "../../shared/words.ts";
import type { PageModel } from "../pageModel.ts";

const shapes: readonly (readonly [SVGTemplateResult, Message])[] = [
  [svg`<path d="M2 10 L9 4 H31 L38 10 L31 16 H9 Z" stroke-linejoin="round" />`, say("Service")],
  [svg`<rect x="2" y="4" width="36" height="12" rx="3" />`, say("Workload, app: version, ready of desired")],
  [
    svg`<path d="M9 16 a5 5 0 0 1 1 -9 a7 6 0 0 1 13 -2 a6 5 0 0 1 8 4 a4 4 0 0 1 1 7 z" />`,
    say("Outside of the mesh"),
  ],
  [svg`<path d="M2 16 L8 4 H32 L38 16 Z" />`, say("Gateway")],
  [svg`<path d="M2 10 L6 4 H34 L38 10 L34 16 H6 Z" />`, say("Waypoint")],
  [
    svg`<rect x="2" y="3" width="36" height="14" stroke-dasharray="3 2" />`,
    say("Box: app, namespace, cluster; one tile when collapsed"),
  ],
];

const lines: readonly (readonly [string, Message])[] = [
  ["fy-http", say("HTTP")],
  ["fy-grpc", say("gRPC")],
  ["fy-tcp", say("TCP: dashes")],
  ["fy-degraded", say("Some errors: colour and mark")],
  ["fy-failing", say("Many errors: colour and mark")],
  ["fy-idle", say("Idle")],
];

/** What shapes, lines and marks mean. */
export function legend(model: PageModel): TemplateResult {
  return html`<aside class="fy-legend" aria-label=${words(say("Legend"))}>
    <header>
      <h2>${words(say("Legend"))}</h2>
      ${button({
        label: words(say("Close legend")),
        icon: "close",
        iconOnly: true,
        name: "close-legend",
        onClick: () => model.change({ legend: false }),
      })}
    </header>
    <ul>
      ${shapes.map(
        ([shape, text]) =>
          html`<li>
            <svg class="fy-swatch" viewBox="0 0 40 20" aria-hidden="true">${shape}</svg>
            <span>${words(text)}</span>
          </li>`,
      )}
      ${lines.map(
        ([name, text]) =>
          html`<li>
            <svg class="fy-swatch ${name}" viewBox="0 0 40 20" aria-hidden="true">
              <path class="fy-swatch-line" d="M2 10 H34" />
              <path class="fy-swatch-tip" d="M38 10 L31 6 V14 Z" />
            </svg>
            <span>${words(text)}</span>
          </li>`,
      )}
      <li>
        <svg class="fy-swatch" viewBox="0 0 40 20" aria-hidden="true">
          <path class="fy-swatch-line" d="M2 4 H38" />
          <path class="fy-swatch-wide" d="M2 14 H38" />
        </svg>
        <span>${words(say("Width: the more traffic, the wider"))}</span>
      </li>
      ${(["healthy", "degraded", "failing", "idle", "unknown"] as const).map(
        (state) =>
          html`<li>
            <span class="fy-swatch fy-state fy-state-${state}">${icon(stateIcons[state])}</span>
            <span>${words(stateWords[state])}</span>
          </li>`,
      )}
      <li>
        <span class="fy-swatch">${icon("unlock")}</span>
        <span>${words(say("Mutual TLS is wanted here and lacking"))}</span>
      </li>
    </ul>
  </aside>`;
}
