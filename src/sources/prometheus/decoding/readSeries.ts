import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import { readSeriesEnvelope } from "../http/queryApi.ts";
import type { AnswerStream } from "../http/transport.ts";
import { AnswerDecoder } from "./answerDecoder.ts";
import type { Pacer } from "./pacer.ts";
import type { SeriesColumns } from "./seriesColumns.ts";

export interface SeriesRead {
  /** Unpacked. */
  readonly bytes: number;
  readonly decodeMillis: number;
  /** Series that could not be read and were left out. */
  readonly unreadable: number;
  readonly warnings: readonly string[];
}

export interface ReadOptions {
  /** The store's, for people. */
  readonly label: string;
  readonly resultType: "vector" | "matrix";
  readonly pacer: Pacer;
}

/** What is read between two looks at the time. */
const sliceBytes = 1 << 16;

/**
 * Reads the series of an answer into columns while it comes, a slice at a time. A series that cannot be read spoils no
 * other; an answer that is none, or was cut off, is a MeshError that names the store by `label`.
 */
export async function readSeries(
  answer: AnswerStream,
  columns: SeriesColumns,
  { label, resultType, pacer }: ReadOptions,
  signal: AbortSignal,
): Promise<SeriesRead> {
  const decoder = new AnswerDecoder(columns);
  let bytes = 0;
  let decodeMillis = 0;
  const timed = <T>(work: () => T): T => {
    const begin = performance.now();
    const result = work();
    decodeMillis += performance.now() - begin;
    return result;
  };
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    for (let from = 0; from < chunk.length; from += sliceBytes) {
      timed(() => {
        decoder.push(chunk.subarray(from, from + sliceBytes));
        decoder.advance(Infinity);
      });
      await pacer.worked(Math.min(sliceBytes, chunk.length - from), signal);
    }
  }
  const { text, isCutOff } = timed(() => decoder.finish());
  if (isCutOff) throw new MeshError("bad-data", say("The answer of {0} was cut off.", label));
  const { warnings } = readSeriesEnvelope({ ...answer, body: text }, resultType, label);
  return { bytes, decodeMillis, unreadable: decoder.unreadable, warnings };
}
