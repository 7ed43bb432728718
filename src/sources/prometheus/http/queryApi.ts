import { MeshError, type MeshErrorKind } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import { redact } from "../../../mesh/redact.ts";
import type { Sample } from "../../../mesh/telemetry/sample.ts";
import { sampleValue } from "../decoding/sampleValue.ts";
import type { HttpAnswer } from "./transport.ts";

// The JSON of Prometheus' HTTP API and of those that speak it (Thanos, Mimir, VictoriaMetrics): unchecked input.

export interface QueryAnswer {
  readonly samples: readonly Sample[];
  /** What the store warns of: its `warnings`, and that an answer is partial. `infos` are hints on style and left out. */
  readonly warnings: readonly string[];
  /** VictoriaMetrics tells so by fields that only it sends. */
  readonly isVictoriaMetrics: boolean;
}

type Json = Readonly<Record<string, unknown>>;

export interface RangeAnswer extends Pick<QueryAnswer, "warnings"> {
  readonly series: readonly { readonly labels: Sample["labels"]; readonly points: readonly Point[] }[];
}

export interface Point {
  readonly seconds: number;
  readonly value: number;
}

/** Reads the answer of /api/v1/query. Throws MeshErrors that name the store by `label`. */
export function readQueryAnswer(answer: HttpAnswer, label: string): QueryAnswer {
  const whole = readEnvelope(answer, label);
  return {
    samples: readSamples(asObject(whole["data"]) ?? {}, label),
    warnings: warningsOf(whole),
    isVictoriaMetrics: "isPartial" in whole || typeof asObject(whole["stats"])?.["seriesFetched"] === "string",
  };
}

/** Reads the answer of /api/v1/query_range. */
export function readRangeAnswer(answer: HttpAnswer, label: string): RangeAnswer {
  const whole = readEnvelope(answer, label);
  const series = matrixOf(whole, label).map((entry) => {
    const { labels, content } = readSeries(entry, label);
    const values = content["values"];
    if (!Array.isArray(values)) throw malformed(label, "a series without values");
    return {
      labels,
      points: values.map((pair: unknown) => ({ seconds: timeOf(pair), value: readValue(pair, label) })),
    };
  });
  return { series, warnings: warningsOf(whole) };
}

/** Checks an answer whose series were taken out already and read apart. */
export function readSeriesEnvelope(
  answer: HttpAnswer,
  resultType: "vector" | "matrix",
  label: string,
): Pick<QueryAnswer, "warnings"> {
  const whole = readEnvelope(answer, label);
  if (asObject(whole["data"])?.["resultType"] !== resultType) throw malformed(label, `no ${resultType}`);
  return { warnings: warningsOf(whole) };
}

/** Reads the answer of /api/v1/labels. */
export function readLabelNames(answer: HttpAnswer, label: string): readonly string[] {
  const names = readEnvelope(answer, label)["data"];
  if (!Array.isArray(names)) throw malformed(label, "no list of labels");
  return names.filter((name) => typeof name === "string");
}

/** The times (seconds) of the samples of the first series in the answer to a range selector. */
export function readSampleTimes(answer: HttpAnswer, label: string): readonly number[] {
  const values = asObject(matrixOf(readEnvelope(answer, label), label)[0])?.["values"];
  return Array.isArray(values) ? values.map(timeOf).filter(Number.isFinite) : [];
}

function matrixOf(whole: Json, label: string): readonly unknown[] {
  const { resultType, result } = asObject(whole["data"]) ?? {};
  if (resultType !== "matrix" || !Array.isArray(result)) throw malformed(label, "no matrix");
  return result as readonly unknown[];
}

function warningsOf(whole: Json): readonly string[] {
  // VictoriaMetrics' cluster says so where a storage node did not answer.
  const partial = whole["isPartial"] === true ? ["the answer is partial: some storage did not answer"] : [];
  return [...asStrings(whole["warnings"]), ...partial];
}

/** The answer as an object with status "success"; anything else is a MeshError. */
export function readEnvelope(answer: HttpAnswer, label: string): Json {
  const parsed = parseJson(answer.body);
  const whole = asObject(parsed);
  if (whole?.["status"] === "success" && answer.status >= 200 && answer.status < 300) return whole;
  if (answer.status >= 200 && answer.status < 300) {
    if (whole?.["status"] === "error") throw refused(answer, whole, label);
    throw new MeshError("bad-data", say("{0} answered with something other than Prometheus' JSON.", label), {
      hint: say("It began with: {0}", excerpt(answer.body)),
    });
  }
  throw refused(answer, whole, label);
}

function refused({ status, body }: HttpAnswer, whole: Json | undefined, label: string): MeshError {
  const told = [whole?.["error"], whole?.["message"]].find((text) => typeof text === "string" && text !== "");
  const why = typeof told === "string" ? excerpt(told) : excerpt(plainText(body));
  const words = say("{0} answered {1}: {2}", label, status, why || "nothing more");
  return new MeshError(kindOf(status, whole), words, { hint: hintOf(status) });
}

function kindOf(status: number, whole: Json | undefined): MeshErrorKind {
  const type = whole?.["errorType"];
  if (type === "timeout" || type === "canceled" || status === 504) return "timeout";
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 429) return "throttled";
  if (status === 400 || status === 422 || type === "bad_data" || type === "execution") return "invalid";
  if (status >= 500) return "unreachable";
  return "bad-data";
}

function hintOf(status: number) {
  if (status === 401)
    return say(
      "Name its address in foreyard.prometheus.sources, with a token command or with the command Set Prometheus Credentials: credentials go only to an address that you named.",
    );
  if (status === 403) return say("The credentials are known there and may not read metrics.");
  if (status === 404) return say("Check the path: some stores serve the API below a prefix such as /prometheus.");
  return undefined;
}

function readSamples(data: Json, label: string): readonly Sample[] {
  const { result, resultType } = data;
  if (resultType === "scalar") return [{ labels: {}, value: readValue(result, label) }];
  if (resultType !== "vector" || !Array.isArray(result)) throw malformed(label, "no vector");
  return result.map((entry: unknown) => {
    const { labels, content } = readSeries(entry, label);
    return { labels, value: readValue(content["value"], label) };
  });
}

function readSeries(entry: unknown, label: string): { readonly labels: Sample["labels"]; readonly content: Json } {
  const content = asObject(entry);
  const labels = asObject(content?.["metric"]);
  if (!content || !labels || !isLabels(labels)) throw malformed(label, "a series without labels");
  return { labels, content };
}

function timeOf(pair: unknown): number {
  return Array.isArray(pair) && typeof pair[0] === "number" ? pair[0] : NaN;
}

function isLabels(value: Json): value is Readonly<Record<string, string>> {
  for (const name in value) if (typeof value[name] !== "string") return false;
  return true;
}

/** A value is `[seconds, "text"]`; the text is a number or NaN, +Inf, -Inf. */
function readValue(pair: unknown, label: string): number {
  const text: unknown = Array.isArray(pair) ? pair[1] : undefined;
  if (typeof text !== "string") throw malformed(label, "a series without a value");
  const value = sampleValue(text);
  if (value === undefined) throw malformed(label, "a value that is no number");
  return value;
}

function malformed(label: string, what: string): MeshError {
  return new MeshError("bad-data", say("{0} answered with {1}, which cannot be read.", label, what));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function asStrings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").map(excerpt) : [];
}

function plainText(body: string): string {
  return body
    .slice(0, 20_000)
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ");
}

/** A short single line without control characters and secrets (some gateways repeat what they were sent), for people. */
function excerpt(text: string): string {
  const line = redact(text.slice(0, 2000))
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
