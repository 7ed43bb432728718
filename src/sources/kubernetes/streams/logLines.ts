import type { LogQuery } from "../../../mesh/ports.ts";
import { podPath, withQuery } from "../reading/kubePaths.ts";
import type { Transport } from "../http/transport.ts";

const longestLine = 256 * 1024;

/** A container's log, line by line without line ends. Lines longer than 256 KB come in pieces. */
export async function* logLines(transport: Transport, query: LogQuery, signal: AbortSignal): AsyncGenerator<string> {
  const { namespace, pod, container, follow, tailLines, sinceTime, previous } = query;
  const path = withQuery(podPath(namespace, pod, "log"), {
    container,
    follow: follow ? true : undefined,
    previous: previous ? true : undefined,
    tailLines,
    sinceTime,
  });
  const attempt = { verb: "get", resource: "pods/log", namespace, name: pod };
  const bytes = await transport.stream(
    { method: "GET", path, attempt, accept: "*/*", isQuiet: follow === true },
    signal,
  );
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
    if (rest.length > longestLine) {
      yield rest;
      rest = "";
    }
  }
  if (rest !== "") yield rest;
}
