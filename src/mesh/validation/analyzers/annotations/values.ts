import { parseQuantity } from "../../../model/quantity.ts";
import { say, type Message } from "../../../message.ts";
import { isGoBoolean, isIpPrefix } from "../../values/goValues.ts";
import { proxyConfigFault } from "./proxyConfig.ts";

type Check = (value: string) => Message | undefined;

const portList: Check = (value) => {
  if (value.trim() === "") return undefined;
  const bad = value.split(",").find((port) => !isPort(port.trim()));
  return bad === undefined ? undefined : say("{0} is no port; a comma list of ports is expected", quoted(bad));
};

const ipRanges: Check = (value) => {
  if (value === "") return undefined;
  const bad = value.split(",").find((range) => !isIpPrefix(range));
  if (bad === undefined) return undefined;
  return say("{0} is no IP range; a comma list like 10.0.0.0/8 without spaces is expected", quoted(bad));
};

const orStar =
  (check: Check): Check =>
  (value) =>
    value === "*" ? undefined : check(value);

const count: Check = (value) =>
  /^0*\d{1,10}$/u.test(value) && Number(value) < 2 ** 32
    ? undefined
    : say("{0} is no whole number from 0", quoted(value));

const statusPort: Check = (value) => (isPort(value.trim()) ? undefined : say("{0} is no port", quoted(value)));

const interceptionMode: Check = (value) =>
  ["REDIRECT", "TPROXY", "NONE"].includes(value)
    ? undefined
    : say("{0} is no mode; REDIRECT, TPROXY or NONE is expected", quoted(value));

// Linux's limit is 16 bytes with the closing NUL; the characters are those of Istio's pkg/util/net/ip.go.
const interfaceName = /^[A-Za-z][A-Za-z0-9_.-]{0,14}$/u;

const interfaces: Check = (value) => {
  if (value === "") return undefined;
  const bad = value.split(",").find((name) => !interfaceName.test(name.trim()));
  if (bad === undefined) return undefined;
  return say("{0} is no interface name; a comma list of names of 1 to 15 characters is expected", quoted(bad));
};

const flag: Check = (value) => (isGoBoolean(value) ? undefined : say("{0} is neither true nor false", quoted(value)));

const quantity: Check = (value) =>
  parseQuantity(value) === undefined ? say("{0} is no quantity, like 100m or 128Mi", quoted(value)) : undefined;

/** What the injector refuses of an annotation's value. Source: Istio's pkg/kube/inject/validate.go. */
const checks: ReadonlyMap<string, Check> = new Map([
  ["sidecar.istio.io/interceptionMode", interceptionMode],
  ["status.sidecar.istio.io/port", statusPort],
  ["readiness.status.sidecar.istio.io/initialDelaySeconds", count],
  ["readiness.status.sidecar.istio.io/periodSeconds", count],
  ["readiness.status.sidecar.istio.io/failureThreshold", count],
  ["traffic.sidecar.istio.io/includeOutboundIPRanges", orStar(ipRanges)],
  ["traffic.sidecar.istio.io/excludeOutboundIPRanges", ipRanges],
  ["traffic.sidecar.istio.io/includeInboundPorts", orStar(portList)],
  ["traffic.sidecar.istio.io/excludeInboundPorts", portList],
  ["traffic.sidecar.istio.io/excludeOutboundPorts", portList],
  ["traffic.sidecar.istio.io/excludeInterfaces", interfaces],
  ["traffic.sidecar.istio.io/kubevirtInterfaces", interfaces],
  ["istio.io/reroute-virtual-interfaces", interfaces],
  ["prometheus.istio.io/merge-metrics", flag],
  ["proxy.istio.io/config", proxyConfigFault],
  ["sidecar.istio.io/proxyCPU", quantity],
  ["sidecar.istio.io/proxyCPULimit", quantity],
  ["sidecar.istio.io/proxyMemory", quantity],
  ["sidecar.istio.io/proxyMemoryLimit", quantity],
]);

/** What is wrong with the value of a known annotation; undefined where nothing is, or nothing is checked. */
export function annotationFault(name: string, value: string): Message | undefined {
  return checks.get(name)?.(value);
}

function isPort(text: string): boolean {
  return /^0*\d{1,5}$/u.test(text) && Number(text) <= 65535;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
