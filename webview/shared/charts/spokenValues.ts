import { say } from "../../../src/mesh/message.ts";
import { words } from "../words.ts";
import { marksAt } from "./chartMarks.ts";
import type { PlotPicture } from "./plot.ts";

/** A listener can keep no more in mind. */
const mostSpoken = 8;

/** The time at the cursor, and what happened then. */
export function timeWords({ texts, times, marks }: PlotPicture, at: number): string {
  const time = times[at];
  if (time === undefined) return "";
  return [texts.at(time, times.at(-1)), ...marksAt(marks, times, at)].join(" · ");
}

/** The same with the values there, as a sentence for the ear. */
export function spokenValues(picture: PlotPicture, at: number): string {
  const { lines, write } = picture;
  const values = lines
    .slice(0, mostSpoken)
    .map(({ name, values: known }) => `${name} ${write(known[at] ?? NaN)}`.trim());
  const more = lines.length - values.length;
  if (more > 0) values.push(words(say("and {0} more", more)));
  return `${timeWords(picture, at)}: ${values.join(", ")}`;
}
