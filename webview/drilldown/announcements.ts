import { say } from "../../src/mesh/message.ts";
import type { Level } from "../../src/protocol/drilldown/drilldownContract.ts";
import { stateWords } from "../shared/healthWords.ts";
import { words } from "../shared/words.ts";
import { levelWords } from "./levelWords.ts";
import { levelId } from "./paths.ts";

/** What a screen reader is told: where one arrived, and when the state of it changes. Numbers alone are no news. */
export class Announcements {
  #of = "";
  #state = "";

  /** The sentence, or undefined where there is nothing to say. */
  of(level: Level): string | undefined {
    const of = levelId(level.at);
    const state = level.presence === "there" ? words(stateWords[level.state]) : words(presenceWords[level.presence]);
    if (of === this.#of && state === this.#state) return undefined;
    const isOther = of !== this.#of;
    this.#of = of;
    this.#state = state;
    return isOther
      ? words(say("{0} {1}: {2}", words(levelWords[level.at.level]), level.title, state))
      : words(say("{0}: now {1}", level.title, state));
  }
}

const presenceWords = { gone: say("no longer exists"), unreadable: say("may not be read") } as const;
