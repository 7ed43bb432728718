import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { isHttp, isKnown, isTls, protocolNamed } from "../../model/portProtocol.ts";
import { problems } from "../problems.ts";
import { isDnsLabel, isWildcardDomain } from "../values/names.ts";
import { splitHostPort } from "../values/addresses.ts";
import { checkDestination } from "./destination.ts";
import type { Field } from "./field.ts";
import { checkDnsLabel, checkFqdn, checkIp, checkPort, checkUnixAddress } from "./scalars.ts";
import { checkWorkloadSelector } from "./selectors.ts";
import { checkServerTls } from "./serverTls.ts";
import { checkConnectionPool } from "./trafficPolicy.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.5. */
export const sidecar = webhookRule(kinds.Sidecar, (spec, { namespace }) => {
  if (!checkWorkloadSelector(spec)) return;
  const parts = ["outboundTrafficPolicy", "inboundConnectionPool"];
  const isEmpty =
    spec.list("egress").length === 0 && spec.list("ingress").length === 0 && !parts.some((name) => spec.has(name));
  if (isEmpty) {
    spec.error(say("A Sidecar needs egress, ingress, outboundTrafficPolicy or inboundConnectionPool"), {
      problem: problems.missingField,
    });
    return;
  }
  const numbers = new Set<number>();
  for (const listener of spec.list("ingress")) checkIngress(listener, numbers);
  checkConnectionPool(spec.at("inboundConnectionPool"));
  checkEgress(spec.list("egress"), namespace);
  checkOutbound(spec.at("outboundTrafficPolicy"));
});

const localHosts = new Set(["", "127.0.0.1", "0.0.0.0", "::1", "::"]);

function checkIngress(listener: Field, numbers: Set<number>): void {
  const port = listener.at("port");
  const bind = listener.at("bind");
  if (!port.isSet) port.error(say("A listener needs a port"), { problem: problems.missingField });
  else {
    checkListenerPort(port);
    checkPort(port.at("number"));
    if (numbers.has(port.numberAt("number"))) {
      port
        .at("number")
        .error(say("The port {0} has a listener already", port.numberAt("number")), { problem: problems.badPort });
    }
    numbers.add(port.numberAt("number"));
  }
  if (bind.text !== "") checkIp(bind);
  checkDefaultEndpoint(listener.at("defaultEndpoint"));
  const protocol = port.textAt("protocol");
  if (listener.has("tls")) checkIngressTls(listener.at("tls"), protocol);
  const pool = listener.at("connectionPool");
  checkConnectionPool(pool);
  if (pool.has("http") && !isHttp(protocolNamed(protocol))) {
    pool.at("http").warn(say("HTTP settings do nothing on a port with protocol {0}", protocol), { at: "key" });
  }
}

function checkListenerPort(port: Field): void {
  if (port.numberAt("targetPort") !== 0) {
    port.at("targetPort").error(say("A listener's port has no targetPort"), { at: "key", problem: problems.badValue });
  }
  if (port.textAt("name") !== "") checkDnsLabel(port.at("name"));
  const protocol = port.at("protocol");
  if (protocol.text === "" || isKnown(protocolNamed(protocol.text))) return;
  protocol.error(say("{0} is no protocol that Istio knows", protocol.text), { problem: problems.badValue });
}

function checkDefaultEndpoint(endpoint: Field): void {
  const { text } = endpoint;
  if (text === "") return;
  if (text.startsWith("unix://")) {
    checkUnixAddress(endpoint);
    return;
  }
  const parts = splitHostPort(text);
  const number = Number(parts?.port);
  const isFine =
    parts !== undefined && localHosts.has(parts.host) && Number.isInteger(number) && number >= 1 && number <= 65535;
  if (isFine) return;
  endpoint.error(say("{0} is not 127.0.0.1:port, 0.0.0.0:port, their IPv6 forms or :port", text), {
    problem: problems.badValue,
  });
}

function checkIngressTls(tls: Field, protocol: string): void {
  for (const name of ["subjectAltNames", "httpsRedirect", "credentialName", "credentialNames", "tlsCertificates"]) {
    if (!tls.isFilled(name)) continue;
    tls.at(name).error(say("{0} is not supported in a Sidecar", name), { at: "key", problem: problems.badValue });
  }
  const mode = tls.textAt("mode");
  if (mode === "ISTIO_MUTUAL" || mode === "AUTO_PASSTHROUGH") {
    tls.at("mode").error(say("{0} is not supported in a Sidecar", mode), { problem: problems.badValue });
  }
  if (!isTls(protocolNamed(protocol))) {
    tls.error(say("TLS needs a port with protocol HTTPS or TLS, not {0}", protocol), {
      problem: problems.conflictingFields,
    });
  }
  checkServerTls(tls);
}

function checkEgress(listeners: readonly Field[], namespace: string): void {
  const numbers = new Set<number>();
  const sockets = new Set<string>();
  let catchAlls = 0;
  for (const [at, listener] of listeners.entries()) {
    const port = listener.at("port");
    if (!port.isSet) {
      catchAlls += 1;
      if (catchAlls > 1)
        listener.error(say("Only one listener may be without a port"), { problem: problems.conflictingFields });
      else if (at !== listeners.length - 1) {
        listener.error(say("The listener without a port has to be the last one"), {
          problem: problems.conflictingFields,
        });
      }
    } else checkEgressPort(listener, { numbers, sockets });
    checkEgressHosts(listener, namespace);
  }
}

interface Used {
  readonly numbers: Set<number>;
  readonly sockets: Set<string>;
}

function checkEgressPort(listener: Field, { numbers, sockets }: Used): void {
  const [port, bind] = [listener.at("port"), listener.at("bind")];
  checkListenerPort(port);
  const number = port.at("number");
  const captureMode = listener.textAt("captureMode");
  if (number.number === 0) {
    if (!bind.text.startsWith("unix://")) {
      number.error(say("Port 0 needs a bind to a Unix socket"), { problem: problems.badPort });
      return;
    }
    checkUnixAddress(bind);
    if (captureMode !== "" && captureMode !== "DEFAULT" && captureMode !== "NONE") {
      listener
        .at("captureMode")
        .error(say("A Unix socket is captured by DEFAULT or NONE only"), { problem: problems.badValue });
    }
    if (sockets.has(bind.text))
      bind.error(say("{0} has a listener already", bind.text), { problem: problems.badValue });
    sockets.add(bind.text);
    return;
  }
  checkPort(number);
  if (bind.text !== "") checkIp(bind);
  if (numbers.has(number.number))
    number.error(say("The port {0} has a listener already", number.number), { problem: problems.badPort });
  numbers.add(number.number);
}

function checkEgressHosts(listener: Field, namespace: string): void {
  const hosts = listener.list("hosts");
  if (hosts.length === 0) listener.error(say("A listener needs hosts"), { problem: problems.missingField });
  const byNamespace = new Map<string, Set<string>>();
  for (const host of hosts) {
    if (!checkEgressHost(host)) continue;
    const slash = host.text.indexOf("/");
    const [of, name] = [host.text.slice(0, slash), host.text.slice(slash + 1)];
    if (of.startsWith("~")) continue;
    const resolved = of === "." ? namespace : of;
    const names = byNamespace.get(resolved) ?? new Set<string>();
    const isCovered = names.has(name) || names.has("*") || (name === "*" && names.size > 0);
    if (isCovered) host.warn(say("{0} says again what another host of the listener says", host.text));
    names.add(name);
    byNamespace.set(resolved, names);
  }
  if (byNamespace.get("*")?.has("*") === true && byNamespace.size > 1) {
    hosts.find(({ text }) => text === "*/*")?.warn(say("*/* takes the hosts of all other namespaces already"));
  }
}

function checkEgressHost(host: Field): boolean {
  const { text } = host;
  const slash = text.indexOf("/");
  if (slash < 0) {
    host.error(say("Write namespace/{0}: a host needs a namespace, ./ or */", text), { problem: problems.badHost });
    return false;
  }
  const [namespace, name] = [text.slice(0, slash), text.slice(slash + 1)];
  const bare = namespace.startsWith("~") ? namespace.slice(1) : namespace;
  const isNamespace = bare === "*" || bare === "." || isDnsLabel(bare) || namespace === "~";
  const isPartial = name.includes("*") && name !== "*" && !name.startsWith("*.");
  const isName = name === "*" || (name.includes(".") && !isPartial && isWildcardDomain(name));
  if (isNamespace && isName) return true;
  host.error(say("{0} is not namespace/host with a full name, *.domain or *", text), { problem: problems.badHost });
  return false;
}

function checkOutbound(policy: Field): void {
  if (!policy.isSet) return;
  const mode = policy.textAt("mode");
  if (mode === "ALLOW_ANY_DYNAMIC_DNS") {
    policy
      .at("mode")
      .error(say("ALLOW_ANY_DYNAMIC_DNS is for the mesh configuration only"), { problem: problems.badValue });
  }
  const proxy = policy.at("egressProxy");
  if (!proxy.isSet) return;
  if (mode !== "ALLOW_ANY") {
    proxy.error(say("egressProxy needs mode ALLOW_ANY"), { at: "key", problem: problems.conflictingFields });
    return;
  }
  checkFqdn(proxy.at("host"));
  if (!proxy.has("port")) proxy.error(say("egressProxy needs a port"), { problem: problems.missingField });
  checkDestination(proxy);
}
