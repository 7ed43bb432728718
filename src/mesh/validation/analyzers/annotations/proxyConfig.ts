import { say, type Message } from "../../../message.ts";
import { fieldsOf } from "../../../model/fields.ts";
import { readYaml } from "../../../yaml/readYaml.ts";

// istio.io/api mesh/v1alpha1 ProxyConfig. protojson takes the names of the .proto as well.
const fields: ReadonlySet<string> = new Set(
  [
    ...["configPath", "binaryPath", "serviceCluster", "tracingServiceName", "drainDuration", "discoveryAddress"],
    ...["discoveryRefreshDelay", "zipkinAddress", "statsdUdpAddress", "envoyMetricsServiceAddress", "proxyAdminPort"],
    ...["availabilityZone", "controlPlaneAuthPolicy", "customConfigFile", "statNameLength", "concurrency"],
    ...["proxyBootstrapTemplatePath", "interceptionMode", "tracing", "sds", "envoyAccessLogService"],
    ...["envoyMetricsService", "proxyMetadata", "runtimeValues", "statusPort", "extraStatTags", "gatewayTopology"],
    ...["terminationDrainDuration", "meshId", "readinessProbe", "proxyStatsMatcher", "holdApplicationUntilProxyStarts"],
    ...["caCertificatesPem", "image", "privateKeyProvider", "proxyHeaders", "fileFlushInterval", "fileFlushMinSizeKb"],
    ...["statsCompression", "connectionSettings"],
  ].flatMap((name) => [name, name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)]),
);
const ports = ["proxyAdminPort", "statusPort"] as const;
const maps = ["proxyMetadata", "runtimeValues"] as const;

/** What istiod refuses of the annotation `proxy.istio.io/config`: YAML of a ProxyConfig. */
export function proxyConfigFault(text: string): Message | undefined {
  const [document] = readYaml(text).documents;
  const broken = document?.problems.find(({ severity }) => severity === "error");
  if (broken !== undefined) return say("The proxy configuration is no YAML");
  const { value } = document ?? {};
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) return say("The proxy configuration is no map of fields");
  const config = fieldsOf(value);
  const unknown = Object.keys(config).find((name) => !fields.has(name));
  if (unknown !== undefined) return say("A proxy configuration has no field {0}", unknown);
  return portFault(config) ?? mapFault(config) ?? concurrencyFault(config);
}

function portFault(config: Readonly<Record<string, unknown>>): Message | undefined {
  for (const name of ports) {
    const port = config[name];
    if (port === undefined || port === null || (typeof port === "number" && port >= 0 && port <= 65535)) continue;
    if (typeof port === "string" && /^\d{1,5}$/u.test(port) && Number(port) <= 65535) continue;
    return say("{0} of the proxy configuration is no port", name);
  }
  return undefined;
}

function mapFault(config: Readonly<Record<string, unknown>>): Message | undefined {
  for (const name of maps) {
    for (const [key, value] of Object.entries(fieldsOf(config[name]))) {
      if (typeof value !== "string") return say("{0} of {1} must be a text: quote it", key, name);
    }
  }
  return undefined;
}

function concurrencyFault({ concurrency }: Readonly<Record<string, unknown>>): Message | undefined {
  if (concurrency === undefined || concurrency === null) return undefined;
  const count = typeof concurrency === "string" ? Number(concurrency) : concurrency;
  if (typeof count === "number" && Number.isInteger(count)) return undefined;
  return say("concurrency of the proxy configuration is no whole number");
}
