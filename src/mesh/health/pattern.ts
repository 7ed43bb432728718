import { say, type Message } from "../message.ts";

// Regular expressions that people write into settings and annotations. They are matched against every name of a mesh,
// so one that takes long would stop everything: what may take long is refused, with the reason.

/** A regular expression that matches whole texts; or why there is none. */
export type Pattern = { readonly matches: (text: string) => boolean } | { readonly problem: Message };

const longest = 200;
/** RE2 repeats nothing more often than this, either. */
const mostRepeats = 1000;
/** Ways in which a pattern may be tried on the longest name that Kubernetes allows. */
const mostWays = 1e8;
const longestName = 253;

const everything: Pattern = { matches: () => true };

/**
 * A pattern of RE2's syntax, as far as JavaScript shares it: no references back and no looking around. It has to match
 * the whole text; empty matches everything, as in Kiali's rules.
 */
export function readPattern(text: string): Pattern {
  if (text === "" || text === ".*") return everything;
  if (text.length > longest) return { problem: say("it is longer than {0} characters", longest) };
  const risk = riskOf(text);
  if (risk) return { problem: risk };
  try {
    const regex = compiled(text);
    return { matches: (candidate) => regex.test(candidate) };
  } catch (e) {
    return { problem: say("it is no regular expression ({0})", e instanceof Error ? e.message : String(e)) };
  }
}

// RE2 takes a backslash before any mark, JavaScript only without the flag "u".
function compiled(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`, "u");
  } catch {
    return new RegExp(`^(?:${text})$`);
  }
}

/** As `readPattern`, for codes: X stands for a digit ("5XX"). */
export function readCodePattern(text: string): Pattern {
  return readPattern(text.replace(/x/gi, String.raw`\d`));
}

interface Group {
  /** Something in it repeats, or it has a choice: then to repeat it may take exponentially many steps. */
  isVaried: boolean;
  alternatives: number;
}

/** Why a pattern might take long; undefined: it cannot. Ways multiply: of each choice, and of each repetition. */
function riskOf(text: string): Message | undefined {
  const groups: Group[] = [newGroup()];
  let ended: Group | undefined;
  let ways = 1;
  for (const token of text.match(tokens) ?? []) {
    const before = ended;
    ended = undefined;
    const repeats = repeatsOf(token);
    if (repeats) {
      if (before?.isVaried && repeats.most > 1) return say("a group that repeats has a choice or a repetition in it");
      if (repeats.most > mostRepeats && repeats.most < Infinity)
        return say("it repeats more than {0} times", mostRepeats);
      ways *= Math.min(repeats.most - repeats.least, longestName) + 1;
      if (repeats.most > repeats.least) for (const group of groups) group.isVaried = true;
    } else if (/^\\(?:[1-9]|k)/.test(token)) return say("it refers back to a group");
    else if (/^\(\?<?[=!]/.test(token)) return say("it looks ahead or behind");
    else if (token.startsWith("(")) groups.push(newGroup());
    else if (token === "|") {
      for (const group of groups) group.isVaried = true;
      const group = groups.at(-1);
      if (group) group.alternatives++;
    } else if (token === ")" && groups.length > 1) {
      ended = groups.pop();
      ways *= ended?.alternatives ?? 1;
    }
  }
  for (const { alternatives } of groups) ways *= alternatives;
  return ways > mostWays ? say("there are too many ways to match it") : undefined;
}

function newGroup(): Group {
  return { isVaried: false, alternatives: 1 };
}

// An escape, a class, the head of a group, a quantifier with its "?", or a single character.
const tokens =
  /\\(?:k<[^>]*>|.)|\[\^?\]?(?:\\.|[^\]\\])*\]?|\(\?(?:<[=!]|[=!:]|<[^>]*>)?|\{\d+(?:,\d*)?\}\??|[*+?]\??|[^]/gu;

function repeatsOf(token: string): { readonly least: number; readonly most: number } | undefined {
  if (/^[*+]\??$/.test(token)) return { least: 0, most: Infinity };
  if (/^\?\??$/.test(token)) return { least: 0, most: 1 };
  const [, least = "", comma = "", most = ""] = /^\{(\d+)(,?)(\d*)\}\??$/.exec(token) ?? [];
  if (least === "") return undefined;
  const open = comma === "" ? Number(least) : Infinity;
  return { least: Number(least), most: most === "" ? open : Number(most) };
}
