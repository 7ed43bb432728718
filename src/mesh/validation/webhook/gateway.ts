import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { isHttp, isKnown, protocolNamed } from "../../model/portProtocol.ts";
import { problems } from "../problems.ts";
import { isIpAddress } from "../values/addresses.ts";
import { isDnsLabel, isWildcardDomain } from "../values/names.ts";
import type { Field } from "./field.ts";
import { checkIp, checkPort, checkUnixAddress } from "./scalars.ts";
import { checkServerTls } from "./serverTls.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.3. */
export const gateway = webhookRule(kinds.Gateway, (spec, { name }) => {
  if (!isDnsLabel(name)) {
    spec.error(say("{0} is no name of a Gateway: it is a DNS label, without dots", name), {
      problem: problems.badName,
    });
  }
  const servers = spec.list("servers");
  if (servers.length === 0) spec.error(say("A Gateway needs servers"), { problem: problems.missingField });
  const names = new Set<string>();
  for (const server of servers) {
    checkServer(server);
    const port = server.at("port");
    if (!port.isSet) continue;
    const portName = port.at("name");
    if (names.has(portName.text)) {
      portName.error(say("The port name {0} is used twice", portName.text), { problem: problems.badName });
    }
    names.add(portName.text);
    if (!isHttp(protocolNamed(port.textAt("protocol"))) && server.at("tls").at("httpsRedirect").flag) {
      server.at("tls").at("httpsRedirect").warn(say("httpsRedirect works on HTTP servers only"), { at: "key" });
    }
  }
});

function checkServer(server: Field): void {
  const hosts = server.list("hosts");
  if (hosts.length === 0) server.error(say("A server needs hosts"), { problem: problems.missingField });
  for (const host of hosts) checkGatewayHost(host, true);
  const port = server.at("port");
  const bind = server.at("bind");
  const isUnix = bind.text.startsWith("unix://");
  const isFine = checkServerPort(port, isUnix && port.numberAt("number") === 0);
  if (isUnix) {
    checkUnixAddress(bind);
    if (port.numberAt("number") !== 0) {
      port.at("number").error(say("A server on a Unix socket has port 0"), { problem: problems.badPort });
    }
  } else if (bind.text !== "") checkIp(bind);
  if (!isFine) return;
  checkProtocolAndTls(server, port.textAt("protocol").toUpperCase());
  checkServerTls(server.at("tls"));
}

/** `[namespace/]host` as Gateways and Sidecars name hosts. */
export function checkGatewayHost(host: Field, mayBeIp: boolean): void {
  const { text } = host;
  const slash = text.indexOf("/");
  const namespace = slash < 0 ? undefined : text.slice(0, slash);
  const name = text.slice(slash + 1);
  if (namespace !== undefined && namespace !== "*" && namespace !== "." && !isDnsLabel(namespace)) {
    host.error(say("{0} is no namespace, and neither * nor .", namespace), { problem: problems.badHost });
  }
  if (!isGatewayDomain(name, mayBeIp)) {
    host.error(say("{0} is no host: a full domain name, *.domain, or *", name === "" ? text : name), {
      problem: problems.badHost,
    });
  }
}

function isGatewayDomain(name: string, mayBeIp: boolean): boolean {
  if (name === "*") return true;
  // Istio asks for a dot first, which IPv6 addresses do not have.
  if (!name.includes(".")) return false;
  if (mayBeIp && isIpAddress(name)) return true;
  const isPartial = name.includes("*") && !name.startsWith("*.");
  return !isPartial && isWildcardDomain(name);
}

/** True if the port is fine. */
function checkServerPort(port: Field, mayBeZero: boolean): boolean {
  if (!port.isSet) {
    port.error(say("A server needs a port"), { problem: problems.missingField });
    return false;
  }
  let isFine = true;
  const refuse = (field: Field, message: ReturnType<typeof say>, problem: string): void => {
    isFine = false;
    field.error(message, { problem });
  };
  const protocol = port.at("protocol");
  if (!isKnown(protocolNamed(protocol.text))) {
    refuse(protocol, say("{0} is no protocol that Istio knows", protocol.text), problems.badValue);
  }
  const { number } = port.at("number");
  if (!(mayBeZero && number === 0)) {
    if (number < 1 || number > 65535) isFine = false;
    checkPort(port.at("number"));
  }
  if (port.numberAt("targetPort") !== 0) {
    refuse(port.at("targetPort"), say("A Gateway's port has no targetPort"), problems.badValue);
  }
  if (port.textAt("name") === "") refuse(port.at("name"), say("A port needs a name"), problems.missingField);
  return isFine;
}

function checkProtocolAndTls(server: Field, protocol: string): void {
  const tls = server.at("tls");
  if (protocol === "HTTPS" || protocol === "TLS") {
    if (!tls.isSet)
      server.error(say("A server with protocol {0} needs tls", protocol), { problem: problems.missingField });
    return;
  }
  if (!tls.isSet) return;
  if (!isHttp(protocolNamed(protocol))) {
    tls.error(say("A server with protocol {0} cannot have tls", protocol), {
      at: "key",
      problem: problems.conflictingFields,
    });
    return;
  }
  const mode = tls.textAt("mode");
  if (mode !== "" && mode !== "PASSTHROUGH" && mode !== "AUTO_PASSTHROUGH") {
    tls.at("mode").error(say("A server with protocol {0} cannot have TLS mode {1}", protocol, mode), {
      problem: problems.conflictingFields,
    });
    return;
  }
  for (const name of ["caCertificates", "privateKey", "serverCertificate"]) {
    if (tls.textAt(name) === "") continue;
    tls.at(name).error(say("A server with protocol {0} has no {1}", protocol, name), {
      at: "key",
      problem: problems.conflictingFields,
    });
  }
}
