import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Format } from "../../src/mesh/format/format.ts";
import { say } from "../../src/mesh/message.ts";
import { dropdown } from "./controls.ts";
import { words } from "./words.ts";

/** Windows to choose from (seconds). */
const windowChoices = [60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400] as const;
/** Between two refreshes (seconds); 0 is off. */
const refreshChoices = [0, 5, 10, 15, 30, 60] as const;

export function windowDropdown(
  format: Format,
  windowSeconds: number,
  onChange: (seconds: number) => void,
): TemplateResult {
  return dropdown({
    label: words(say("Window")),
    name: "window",
    value: String(windowSeconds),
    choices: withCurrent(windowChoices, windowSeconds).map((seconds) => ({
      value: String(seconds),
      label: words(say("Last {0}", format.duration(seconds))),
    })),
    onChange: (seconds) => onChange(Number(seconds)),
  });
}

export function refreshDropdown(
  format: Format,
  refreshSeconds: number,
  onChange: (seconds: number) => void,
): TemplateResult {
  return dropdown({
    label: words(say("Refresh")),
    name: "refresh",
    value: String(refreshSeconds),
    choices: withCurrent(refreshChoices, refreshSeconds).map((seconds) => ({
      value: String(seconds),
      label: seconds === 0 ? words(say("Refresh off")) : words(say("Every {0}", format.duration(seconds))),
    })),
    onChange: (seconds) => onChange(Number(seconds)),
  });
}

/** A moment to go to (milliseconds since 1970). What a store has forgotten, or what is yet to come, cannot be shown. */
export function pastField(
  label: string,
  { at, now, least }: { readonly at: number; readonly now: number; readonly least: number | undefined },
  onChange: (atMillis: number) => void,
): TemplateResult {
  const moved = (event: Event) => {
    const chosen = new Date((event.target as HTMLInputElement).value).getTime();
    if (!Number.isNaN(chosen)) onChange(Math.min(Date.now(), Math.max(chosen, least ?? chosen)));
  };
  return html`<label class="fy-field"
    >${label}
    <input
      type="datetime-local"
      data-name="past"
      step="1"
      min=${least === undefined ? nothing : localTime(least)}
      max=${localTime(now)}
      .value=${live(localTime(at))}
      @change=${moved}
    />
  </label>`;
}

/** The choices, with the value in use among them where a setting gave another. */
export function withCurrent(choices: readonly number[], current: number): readonly number[] {
  return choices.includes(current) ? choices : [...choices, current].sort((a, b) => a - b);
}

/** What such a field takes: local time to the second. */
function localTime(millis: number): string {
  const date = new Date(millis);
  return new Date(millis - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
