import { EVENT_ID, parseEvents } from "js-yaml";
import { rangeOf } from "./construct.ts";
import type { Suppression, TextRange, YamlDocument } from "./yamlFile.ts";

const comment = /(^|\s)#\s*foreyard-disable(-next-line|-line)?(?=\s|$)[ \t]*([^\r\n]*)/gu;

/**
 * The comments that switch checks off: `# foreyard-disable-next-line CODE, ...`, `# foreyard-disable-line CODE, ...` and,
 * for the whole document, `# foreyard-disable CODE, ...`. Without a code they mean all.
 */
export function suppressionsIn(
  text: string,
  documents: readonly YamlDocument[],
  lineAt: (offset: number) => number,
): readonly Suppression[] {
  if (!text.includes("foreyard-disable")) return [];
  return documents.flatMap(({ index, range }) => {
    const part = text.slice(range.start, range.end);
    if (!part.includes("foreyard-disable")) return [];
    const scalars = scalarRanges(part);
    return [...part.matchAll(comment)].flatMap((match): Suppression[] => {
      const at = match.index + (match[1] ?? "").length;
      if (scalars.some(({ start, end }) => at >= start && at < end)) return [];
      const line = lineAt(range.start + at);
      const where = match[2] === "-next-line" ? line + 1 : match[2] === "-line" ? line : undefined;
      return [{ document: index, line: where, codes: codesOf(match[3] ?? "") }];
    });
  });
}

// Words after the codes are the reason; a code is letters and digits.
function codesOf(text: string): readonly string[] {
  const [list = ""] = text.split(/\s--\s|#/u);
  const codes = list.split(/[\s,]+/u).filter((word) => /^(?:[A-Za-z]+\d+|\*|GWAPI)$/iu.test(word));
  return codes.length === 0 ? ["*"] : codes.map((code) => code.toUpperCase());
}

function scalarRanges(text: string): readonly TextRange[] {
  try {
    return parseEvents(text, { maxDepth: 1000 }).flatMap((event) =>
      event.type === EVENT_ID.SCALAR && event.valueStart >= 0 ? [rangeOf(event)] : [],
    );
  } catch {
    // In a broken document a comment is taken for what it looks like.
    return [];
  }
}
