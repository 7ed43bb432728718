import type { Settings } from "../settings.ts";

/** What a link to another tool leads to. */
export interface LinkSubject {
  /** As Kiali's addresses name kinds; it has no pages of pods and nodes. */
  readonly kind: "service" | "workload" | "namespace" | "pod" | "node";
  /** Istio's cluster ID; "" where nothing tells. */
  readonly cluster: string;
  /** More than one cluster is connected: a name alone does not say which. */
  readonly isOneOfSeveral: boolean;
  readonly namespace: string;
  readonly name: string;
  /** What the shown number was asked by; "" where nothing was. */
  readonly query?: string;
  readonly fromMillis: number;
  readonly toMillis: number;
}

export type ToolName = "prometheus" | "grafana" | "kiali" | "jaeger";

type LinkSettings = Pick<Settings, "prometheusLink" | "grafanaLink" | "kialiLink" | "jaegerLink">;

/** Prometheus' own page for a query; undefined where no address that a browser reaches is known. */
export function prometheusAddress(base: string | undefined, query: string, subject: LinkSubject): string | undefined {
  const address = webAddress(base);
  if (!address || query === "") return undefined;
  const seconds = Math.max(60, Math.round((subject.toMillis - subject.fromMillis) / 1000));
  const search = new URLSearchParams({
    "g0.expr": query,
    "g0.tab": "0",
    "g0.range_input": `${seconds}s`,
    "g0.end_input": new Date(subject.toMillis).toISOString().slice(0, 19).replace("T", " "),
  });
  return `${withoutSlash(address)}/graph?${search.toString()}`;
}

/** Where a tool shows the subject, by its setting; undefined where it is not set or the subject is none of its things. */
export function toolAddress(
  tool: Exclude<ToolName, "prometheus">,
  settings: LinkSettings,
  subject: LinkSubject,
): string | undefined {
  const { grafanaLink, kialiLink, jaegerLink } = settings;
  switch (tool) {
    case "grafana":
      return filled(grafanaLink, subject, 1) ?? webAddress(grafanaLink);
    case "kiali":
      return filled(kialiLink, subject, 1) ?? kialiAddress(kialiLink, subject);
    case "jaeger":
      return filled(jaegerLink, subject, 1_000) ?? jaegerAddress(jaegerLink, subject);
  }
}

/** Kiali's console addresses (its routes `namespaces/:namespace/services/:service` and `graph/namespaces`). */
function kialiAddress(base: string, subject: LinkSubject): string | undefined {
  const { kind, cluster, namespace, name, isOneOfSeveral } = subject;
  const address = webAddress(base);
  if (!address || kind === "pod" || kind === "node") return undefined;
  const console = `${withoutSlash(address).replace(/\/console$/, "")}/console`;
  const [space, what] = [encodeURIComponent(namespace), encodeURIComponent(name)];
  const named = isOneOfSeveral && cluster !== "" ? `clusterName=${encodeURIComponent(cluster)}` : "";
  if (kind === "namespace") {
    return `${console}/graph/namespaces?namespaces=${space}${named === "" ? "" : `&${named}`}`;
  }
  return `${console}/namespaces/${space}/${kind}s/${what}${named === "" ? "" : `?${named}`}`;
}

/** Jaeger's search page; Istio names the services of spans "<name>.<namespace>". Times are microseconds. */
function jaegerAddress(base: string, subject: LinkSubject): string | undefined {
  const address = webAddress(base);
  if (!address || (subject.kind !== "service" && subject.kind !== "workload")) return undefined;
  const search = new URLSearchParams({
    service: `${subject.name}.${subject.namespace}`,
    start: String(Math.round(subject.fromMillis) * 1_000),
    end: String(Math.round(subject.toMillis) * 1_000),
    limit: "20",
  });
  return `${withoutSlash(address)}/search?${search.toString()}`;
}

/** An address with its places filled in, each escaped; undefined where it has none. */
function filled(pattern: string, subject: LinkSubject, timesPerMilli: number): string | undefined {
  const values: Readonly<Record<string, string>> = {
    kind: subject.kind,
    cluster: subject.cluster,
    namespace: subject.namespace,
    name: subject.name,
    query: subject.query ?? "",
    from: String(Math.round(subject.fromMillis) * timesPerMilli),
    to: String(Math.round(subject.toMillis) * timesPerMilli),
  };
  const address = pattern.replace(/\{(\w+)\}/g, (place, key: string) =>
    Object.hasOwn(values, key) ? encodeURIComponent(values[key] ?? "") : place,
  );
  return address === pattern ? undefined : webAddress(address);
}

/** The address where it is one of the web, without a user name; nothing else is ever opened. */
export function webAddress(text: string | undefined): string | undefined {
  if (!text || !URL.canParse(text)) return undefined;
  const { protocol, username, password, href } = new URL(text);
  const isOpenable = (protocol === "http:" || protocol === "https:") && username === "" && password === "";
  return isOpenable ? href : undefined;
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}
