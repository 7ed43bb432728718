import { say } from "../../message.ts";
import { textMapAt } from "../../model/fields.ts";
import { kinds } from "../kinds.ts";
import { isHttp, isKnown, isTcp, isTls, protocolNamed } from "../../model/portProtocol.ts";
import { problems } from "../problems.ts";
import { isIpAddress } from "../values/addresses.ts";
import { isFqdn, isWildcardDomain } from "../values/names.ts";
import type { Field } from "./field.ts";
import { checkDnsLabel, checkLabels, checkPort, checkSubnet } from "./scalars.ts";
import { checkExportTo, checkWorkloadSelector } from "./selectors.ts";
import { checkEntry } from "./workloadEntry.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.4. */
export const serviceEntry = webhookRule(kinds.ServiceEntry, (spec, { object, namespace }) => {
  if (!checkWorkloadSelector(spec)) return;
  const endpoints = spec.list("endpoints");
  if (spec.has("workloadSelector") && endpoints.length > 0) {
    spec.at("endpoints").error(say("Only one of workloadSelector and endpoints can be set"), {
      at: "key",
      problem: problems.conflictingFields,
    });
  }
  const resolution = spec.textAt("resolution") === "" ? "NONE" : spec.textAt("resolution");
  checkHosts(spec, resolution);
  checkAddresses(spec, resolution);
  checkPorts(spec, resolution, textMapAt(object.metadata, "labels"));
  if (resolution === "NONE") checkNone(spec);
  else if (resolution === "STATIC") checkStatic(spec);
  else if (resolution === "DNS" || resolution === "DNS_ROUND_ROBIN") checkDns(spec, resolution);
  else if (resolution === "DYNAMIC_DNS") checkDynamic(spec, textMapAt(object.metadata, "labels"));
  const isOpaque = (port: Field): boolean => {
    const protocol = port.textAt("protocol");
    return !isHttp(protocolNamed(protocol)) && !isTls(protocolNamed(protocol));
  };
  const opaque = spec.list("ports").find(isOpaque);
  if (spec.list("hosts").length > 1 && opaque !== undefined && resolution !== "NONE" && resolution !== "DYNAMIC_DNS") {
    opaque.at("protocol").error(say("Several hosts cannot be told apart on a port that is neither HTTP nor TLS"), {
      problem: problems.conflictingFields,
    });
  }
  checkExportTo(spec, namespace, true);
});

function checkHosts(spec: Field, resolution: string): void {
  const hosts = spec.list("hosts");
  if (hosts.length === 0) spec.error(say("A ServiceEntry needs hosts"), { problem: problems.missingField });
  for (const host of hosts) {
    if (host.text === "*") host.error(say("* cannot be a host"), { problem: problems.badHost });
    else if (!isWildcardDomain(host.text)) {
      host.error(say("{0} is no domain name", host.text), { problem: problems.badHost });
    } else if (resolution !== "DYNAMIC_DNS" && host.text.includes("*") && !host.text.startsWith("*.")) {
      host.warn(say("A wildcard within a label matches nothing at most places; write *.domain"));
    }
  }
}

function checkAddresses(spec: Field, resolution: string): void {
  for (const address of spec.list("addresses")) {
    checkSubnet(address);
    if (address.text.includes("/") && resolution !== "NONE" && resolution !== "STATIC") {
      address.error(say("A range of addresses works with resolution NONE and STATIC only"), {
        problem: problems.conflictingFields,
      });
    }
  }
}

function checkPorts(spec: Field, resolution: string, labels: Readonly<Record<string, string>>): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  const hasAddresses = spec.list("addresses").length > 0;
  const isAllocated =
    !hasAddresses && resolution !== "NONE" && labels["networking.istio.io/enable-autoallocate-ip"] !== "false";
  for (const port of spec.list("ports")) {
    if (!port.isSet) {
      port.error(say("A port cannot be null"), { problem: problems.missingField });
      continue;
    }
    const [name, number] = [port.at("name"), port.at("number")];
    if (names.has(name.text))
      name.error(say("The port name {0} is used twice", name.text), { problem: problems.badName });
    if (numbers.has(number.number))
      number.error(say("The port {0} is given twice", number.number), { problem: problems.badPort });
    names.add(name.text);
    numbers.add(number.number);
    checkDnsLabel(name);
    const protocol = port.at("protocol");
    if (protocol.text !== "" && !isKnown(protocolNamed(protocol.text))) {
      protocol.error(say("{0} is no protocol that Istio knows", protocol.text), { problem: problems.badValue });
    }
    checkPort(number);
    if (port.numberAt("targetPort") !== 0) checkPort(port.at("targetPort"));
    if (!hasAddresses && !isAllocated && (protocol.text === "" || protocol.text === "TCP")) {
      port.warn(say("Without addresses, every TCP connection to this port goes here"));
    }
  }
}

function checkNone(spec: Field): void {
  if (spec.list("endpoints").length > 0) {
    spec
      .at("endpoints")
      .error(say("Resolution NONE has no endpoints"), { at: "key", problem: problems.conflictingFields });
  }
  if (spec.has("workloadSelector")) {
    spec.at("workloadSelector").warn(say("workloadSelector does nothing with resolution NONE"), { at: "key" });
  }
}

function checkStatic(spec: Field): void {
  const ports = new Set(spec.list("ports").map((port) => port.textAt("name")));
  for (const endpoint of spec.list("endpoints")) {
    const address = endpoint.at("address");
    const isUnix = address.text.startsWith("unix://");
    checkEntry(endpoint);
    if (isUnix && spec.list("ports").length !== 1) {
      address.error(say("An endpoint on a Unix socket needs exactly one port"), { problem: problems.badPort });
    }
    if (!isUnix && address.text !== "" && !isIpAddress(address.text)) {
      address.error(say("With resolution STATIC an endpoint's address is an IP address"), {
        problem: problems.badValue,
      });
    }
    for (const [name, port] of endpoint.at("ports").entries) {
      if (ports.has(name)) continue;
      port.error(say("{0} is none of the ports", name), { at: "key", problem: problems.portNotFound });
    }
  }
}

function checkDns(spec: Field, resolution: string): void {
  const endpoints = spec.list("endpoints");
  if (endpoints.length === 0) {
    const wild = spec.list("hosts").find(({ text }) => !isFqdn(text));
    wild?.error(
      say(
        "{0} cannot be looked up: with resolution {1} a host without endpoints is a full name",
        wild.text,
        resolution,
      ),
      {
        problem: problems.badHost,
      },
    );
  }
  const second = resolution === "DNS_ROUND_ROBIN" ? endpoints[1] : undefined;
  second?.error(say("DNS_ROUND_ROBIN takes one endpoint"), { problem: problems.conflictingFields });
  const ports = new Set(spec.list("ports").map((port) => port.textAt("name")));
  for (const endpoint of endpoints) {
    const address = endpoint.at("address");
    if (
      !isIpAddress(address.text) &&
      !isFqdn(address.text) &&
      !(address.text === "" && endpoint.textAt("network") !== "")
    ) {
      address.error(say("{0} is neither an IP address nor a full name", address.text), { problem: problems.badHost });
    }
    checkLabels(endpoint.at("labels"));
    for (const [name, port] of endpoint.at("ports").entries) {
      if (!ports.has(name))
        port.error(say("{0} is none of the ports", name), { at: "key", problem: problems.portNotFound });
      checkPort(port);
    }
  }
  const isStream = spec.list("ports").some((port) => isTcp(protocolNamed(port.textAt("protocol"))));
  if (spec.list("addresses").length > 0 && spec.list("hosts").length > 1 && isStream) {
    spec.at("hosts").warn(say("Several hosts share the addresses of a TCP port: only the first is ever reached"));
  }
}

function checkDynamic(spec: Field, labels: Readonly<Record<string, string>>): void {
  const hosts = spec.list("hosts");
  for (const host of hosts) {
    if (host.text.startsWith("*")) continue;
    host.error(say("With resolution DYNAMIC_DNS every host begins with *"), { problem: problems.badHost });
  }
  for (const name of ["addresses", "endpoints"]) {
    if (spec.list(name).length === 0) continue;
    spec.at(name).error(say("{0} cannot be set with resolution DYNAMIC_DNS", name), {
      at: "key",
      problem: problems.conflictingFields,
    });
  }
  for (const port of spec.list("ports")) {
    const protocol = port.at("protocol");
    if (["HTTP", "TLS", "GRPC", "HTTP2"].includes(protocol.text.toUpperCase())) continue;
    protocol.error(say("DYNAMIC_DNS works with HTTP, HTTP2, GRPC and TLS only"), { problem: problems.badValue });
  }
  const waypoint = labels["istio.io/use-waypoint"];
  if (spec.textAt("location") === "MESH_INTERNAL" && waypoint !== undefined && waypoint !== "none") {
    spec
      .at("location")
      .error(say("DYNAMIC_DNS inside the mesh cannot use a waypoint"), { problem: problems.conflictingFields });
  }
}
