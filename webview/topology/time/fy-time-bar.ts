import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { say, type Message } from "../../../src/mesh/message.ts";
import { button, dropdown } from "../../shared/controls.ts";
import { pastField } from "../../shared/timeControls.ts";
import { words } from "../../shared/words.ts";
import { ModelElement } from "../modelElement.ts";
import type { TimeMode } from "../toolbar/fy-toolbar.ts";
import { frameAt, frameCount, spans, speeds, stretchOf, type Speed, type Stretch } from "./replay.ts";

const speedWords: Readonly<Record<Speed, Message>> = { slow: say("Slow"), normal: say("Normal"), fast: say("Fast") };

/** A point in the past, or the past as a film. */
export class TimeBar extends ModelElement {
  static override properties = {
    ...ModelElement.properties,
    mode: { type: String },
    stretch: { state: true },
    frame: { state: true },
    isPlaying: { state: true },
    speed: { state: true },
    span: { state: true },
  };

  declare mode: TimeMode;
  declare stretch: Stretch;
  declare frame: number;
  declare isPlaying: boolean;
  declare speed: Speed;
  declare span: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.mode = "live";
    this.isPlaying = false;
    this.speed = "normal";
    this.span = spans[1];
    this.stretch = stretchOf(this.span, Date.now());
    this.frame = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has("mode")) return;
    this.#pause();
    if (this.mode === "replay") this.#start(this.span);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pause();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.mode === "live") return nothing;
    return html`<div class="fy-time-bar" role="group" aria-label=${words(say("Time"))}>
      ${this.mode === "past" ? this.#past() : this.#replay()}
      ${button({
        label: words(say("Back to live")),
        icon: "debug-restart",
        name: "back-to-live",
        onClick: () => this.dispatchEvent(new Event("live")),
      })}
    </div>`;
  }

  #past(): TemplateResult {
    const { model } = this;
    const now = Date.now();
    const retention = model.facts?.retentionSeconds;
    const at = model.state.atMillis ?? now;
    const least = retention === null || retention === undefined ? undefined : now - retention * 1000;
    return pastField(words(say("Show the mesh as of")), { at, now, least }, (atMillis) => {
      model.change({ atMillis });
      this.requestUpdate();
    });
  }

  #replay(): TemplateResult {
    const { format } = this.model;
    const count = frameCount(this.stretch);
    const at = new Date(frameAt(this.stretch, this.frame)).toLocaleTimeString(format.locale);
    return html`${button({
        label: this.isPlaying ? words(say("Pause")) : words(say("Play")),
        icon: this.isPlaying ? "debug-pause" : "play",
        iconOnly: true,
        name: "play",
        onClick: () => (this.isPlaying ? this.#pause() : this.#play()),
      })}
      <input
        type="range"
        class="fy-slider"
        data-name="frame"
        aria-label=${words(say("Time of the picture"))}
        aria-valuetext=${at}
        min="0"
        max=${count - 1}
        .value=${live(String(this.frame))}
        @input=${(event: Event) => this.#show(Number((event.target as HTMLInputElement).value))}
      />
      <output class="fy-frame-time">${at}</output>
      ${dropdown({
        label: words(say("Stretch")),
        value: String(this.span),
        choices: spans
          .filter((seconds) => seconds <= (this.model.facts?.retentionSeconds ?? Infinity))
          .map((seconds) => ({ value: String(seconds), label: words(say("Last {0}", format.duration(seconds))) })),
        onChange: (seconds) => this.#start(Number(seconds)),
      })}
      ${dropdown({
        label: words(say("Speed")),
        value: this.speed,
        choices: speeds.map(({ id }) => ({ value: id, label: words(speedWords[id]) })),
        onChange: (speed) => {
          this.speed = speed as Speed;
        },
      })}`;
  }

  #start(span: number): void {
    this.span = span;
    this.stretch = stretchOf(span, Date.now());
    this.#show(0);
  }

  #show(frame: number): void {
    this.frame = frame;
    this.model.change({ atMillis: frameAt(this.stretch, frame) });
  }

  #play(): void {
    this.isPlaying = true;
    if (this.frame >= frameCount(this.stretch) - 1) this.#show(0);
    this.#next();
  }

  #next(): void {
    const { milliseconds } = speeds.find(({ id }) => id === this.speed) ?? speeds[1];
    this.#timer = setTimeout(() => {
      if (!this.isPlaying) return;
      const isSeen = document.visibilityState === "visible";
      // One request in flight: a frame that is still being read is waited for.
      if (isSeen && !this.model.isReading) this.#show(this.frame + 1);
      if (this.frame >= frameCount(this.stretch) - 1) this.#pause();
      else this.#next();
    }, milliseconds);
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.isPlaying = false;
  }
}

customElements.define("fy-time-bar", TimeBar);
