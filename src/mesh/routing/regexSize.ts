/** The steps that a program may have in Istio's proxies: `re2.max_program_size.error_level` of their bootstrap. */
export const largestProgram = 32_768;

/**
 * How many instructions RE2 makes of a pattern, at least: characters and classes count one each, repeats multiply. Told
 * from the text alone and in time linear to it, so that a pattern is judged before anything compiles it. What is no valid
 * pattern gives some number.
 */
export function leastProgramSize(pattern: string): number {
  const open: Group[] = [emptyGroup()];
  let at = 0;
  while (at < pattern.length) {
    const group = open.at(-1) ?? emptyGroup();
    const letter = pattern.charAt(at);
    if (letter === "(") {
      open.push(emptyGroup());
      at += groupStart(pattern, at);
    } else if (letter === ")" && open.length > 1) {
      open.pop();
      add(open.at(-1) ?? group, group.size);
      at++;
    } else if (letter === "|") {
      add(group, 1);
      at++;
    } else {
      const repeat = repeatAt(pattern, at);
      if (repeat === undefined) {
        const length = atomLength(pattern, at);
        add(group, 1);
        at += length;
      } else {
        group.size += repeated(group.last, repeat) - group.last;
        group.last = repeated(group.last, repeat);
        at += repeat.length;
      }
    }
    if (group.size > countedTo) return countedTo;
  }
  return Math.min(
    countedTo,
    open.reduce((sum, { size }) => sum + size, 0),
  );
}

const countedTo = 10_000_000;

interface Group {
  size: number;
  /** Of the last item, which a repeat multiplies. */
  last: number;
}

function emptyGroup(): Group {
  return { size: 0, last: 0 };
}

function add(group: Group, size: number): void {
  group.size += size;
  group.last = size;
}

interface Repeat {
  readonly least: number;
  readonly most: number;
  readonly length: number;
}

const counted = /\{(\d{1,4})(,(\d{0,4}))?\}\??/uy;

function repeatAt(pattern: string, at: number): Repeat | undefined {
  const letter = pattern.charAt(at);
  const length = pattern.charAt(at + 1) === "?" ? 2 : 1;
  if (letter === "*" || letter === "?") return { least: 0, most: 1, length };
  if (letter === "+") return { least: 1, most: 1, length };
  if (letter !== "{") return undefined;
  counted.lastIndex = at;
  const [text, from = "", comma, to = ""] = counted.exec(pattern) ?? [];
  if (text === undefined) return undefined;
  const least = Number(from);
  const most = comma === undefined || to === "" ? least : Number(to);
  return { least, most: Math.max(least, most), length: text.length };
}

function repeated(size: number, { least, most }: Repeat): number {
  return least * size + (most - least) * (size + 1);
}

/** "(?:", "(?i)", "(?P<name>": what opens a group is no character of it. */
function groupStart(pattern: string, at: number): number {
  const [start = "("] = opening.exec(pattern.slice(at, at + longestOpening)) ?? [];
  return start.length;
}

const longestOpening = 100;
const opening = /^\((?:\?(?:P?<\w+>|[a-zA-Z-]*:?))?/u;

/** A character, an escape or a class. */
function atomLength(pattern: string, at: number): number {
  const letter = pattern.charAt(at);
  if (letter === "\\") return escapeLength(pattern, at);
  if (letter !== "[") return 1;
  // A bracket that stands first is one of the class.
  let end = at + (pattern.charAt(at + 1) === "^" ? 2 : 1);
  if (pattern.charAt(end) === "]") end++;
  while (end < pattern.length && pattern.charAt(end) !== "]") {
    const isNamed = pattern.charAt(end) === "[" && pattern.charAt(end + 1) === ":";
    const named = isNamed ? pattern.indexOf(":]", end) : -1;
    if (named >= 0) end = named + 2;
    else end += pattern.charAt(end) === "\\" ? 2 : 1;
  }
  return end - at + 1;
}

function escapeLength(pattern: string, at: number): number {
  const next = pattern.charAt(at + 1);
  const isClass = next === "p" || next === "P";
  if ((isClass || next === "x") && pattern.charAt(at + 2) === "{") {
    const end = pattern.indexOf("}", at);
    if (end >= 0) return end - at + 1;
  }
  return isClass ? 3 : 2;
}
