/** Sections of a scenario under test/fixtures/topology by title; lines without their indent, comments left out. */
export function sectionsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("#") || line.trim() === "") continue;
    if (line.startsWith(" ")) lines.push(line.trim());
    else sections.set(line, (lines = []));
  }
  return sections;
}
