/** A line longer than allowed, or one that is no JSON. The text is not in the message: it may hold secrets. */
export class BadLine extends Error {
  override readonly name = "BadLine";
}

/** JSON values, one a line, out of chunks cut anywhere. An unfinished last line is dropped: its connection broke. */
export async function* jsonLines(chunks: AsyncIterable<Buffer>, largestLine: number): AsyncGenerator {
  let pieces: Buffer[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      pieces.push(chunk.subarray(start, end));
      const line = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
      if (line && line.length > largestLine) throw new BadLine(`a line is longer than ${largestLine} bytes`);
      pieces = [];
      held = 0;
      start = end + 1;
      const text = line?.toString("utf8").trim();
      if (text) yield parse(text);
    }
    if (start < chunk.length) {
      pieces.push(chunk.subarray(start));
      held += chunk.length - start;
      if (held > largestLine) throw new BadLine(`a line is longer than ${largestLine} bytes`);
    }
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new BadLine("a line is not JSON");
  }
}
