import { say, type Message } from "../../message.ts";

export interface Preset {
  readonly words: Message;
  readonly text: string;
}

/** Written as a person would, so that they teach the language. */
export const findPresets: readonly Preset[] = [
  { words: say("Slow edges"), text: "rt.p95 > 500ms" },
  { words: say("Errors"), text: "errors > 1%" },
  { words: say("Unhealthy"), text: "not healthy" },
  { words: say("Unknown callers"), text: "name = unknown" },
  { words: say("Idle"), text: "idle" },
  { words: say("Without mutual TLS"), text: "mtls < 100%" },
];

export const hidePresets: readonly Preset[] = [
  { words: say("Healthy"), text: "healthy" },
  { words: say("Idle"), text: "idle" },
  { words: say("Unknown callers"), text: "name = unknown" },
  { words: say("TCP"), text: "protocol = tcp" },
];
