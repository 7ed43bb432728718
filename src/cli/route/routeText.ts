import type { Asked } from "./askedRequest.ts";
import type { Explained, PrintedStep } from "./routeCommand.ts";

/** An answer for people: the request, what happens to it, and every step on the way. */
export function routeText(asked: Asked | undefined, explained: Explained): string {
  const lines = [asked === undefined ? "" : askedText(asked), ...answerLines(explained).map((line) => `  ${line}`)];
  if (explained.explanation.length > 0) lines.push("  How:", ...explained.explanation.map((step) => stepText(step)));
  return `${lines.join("\n")}\n`;
}

function askedText(asked: Asked): string {
  const labels = Object.entries(asked.from.labels).map(([key, value]) => `${key}=${value}`);
  const from = `${asked.from.kind}:${asked.from.namespace}${labels.length === 0 ? "" : `/${labels.join(",")}`}`;
  if ("connection" in asked)
    return `${asked.connection.protocol} ${asked.connection.sni ?? asked.connection.host ?? ""} from ${from}, port ${asked.port}`;
  const { method, scheme, authority, path } = asked.request;
  return `${method} ${scheme}://${authority}${path} from ${from}, port ${asked.port}`;
}

function answerLines(outcome: Explained): readonly string[] {
  const lines: string[] = [];
  const { status, statusByChance, reason, location, route, source, clusters = [] } = outcome;
  const because = reason === undefined ? "" : ` (${reason})`;
  if (statusByChance !== undefined) {
    const ways = Object.entries(statusByChance).map(([when, code]) => `${code} where ${when}`);
    lines.push(`status: ${ways.join(", ")}${because}`);
  } else if (status !== undefined) lines.push(`status: ${status}${because}`);
  else lines.push(`no HTTP answer${because}`);
  if (location !== undefined) lines.push(`location: ${location}`);
  if (route !== null && route !== undefined) {
    const from = source === null || source === undefined ? "" : ` of ${source.kind} ${source.namespace}/${source.name}`;
    lines.push(`route: ${route === "" ? "(without a name)" : route}${from}`);
  }
  const sum = clusters.reduce((total, { weight }) => total + weight, 0);
  for (const { cluster, weight, missing } of clusters) {
    const share = sum === 0 ? "" : ` ${Math.round((weight / sum) * 1000) / 10} %`;
    lines.push(`to: ${cluster}${share}${missing === true ? ", which the proxy does not know" : ""}`);
  }
  return [...lines, ...settingLines(outcome)];
}

function settingLines({ timeout, retries, fault, mirror, path, authority }: Explained): readonly string[] {
  const said: readonly (readonly [string, string | undefined])[] = [
    ["timeout", timeout === undefined ? undefined : timeout === "0s" ? "none" : timeout],
    ["retries", retries === undefined ? undefined : `${String(retries["attempts"])} on ${String(retries["retryOn"])}`],
    ["fault", fault === undefined ? undefined : JSON.stringify(fault)],
    ["mirror", mirror?.map(({ cluster, percent }) => `${cluster} ${percent} %`).join(", ")],
    ["path there", path],
    ["authority there", authority],
  ];
  return said.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
}

function stepText({ name, taken, text, file, line, path }: PrintedStep): string {
  const place = path === undefined ? "" : file === null || file === undefined ? ` [${path}]` : ` [${file}:${line}]`;
  return `    ${taken ? "+" : "-"} ${name}: ${text}${place}`;
}
