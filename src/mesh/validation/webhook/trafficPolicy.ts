import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { isIpAddress } from "../values/addresses.ts";
import { millisecond } from "../values/durations.ts";
import { isFqdn } from "../values/names.ts";
import { checkClientTls } from "./clientTls.ts";
import type { Field } from "./field.ts";
import { checkLoadBalancer } from "./loadBalancer.ts";
import { checkDuration, checkNotNegative, checkOneOf, checkPort, checkRange, checkReadable } from "./scalars.ts";

const policyFields = [
  ...["outlierDetection", "connectionPool", "loadBalancer", "tls", "portLevelSettings", "tunnel", "proxyProtocol"],
  "retryBudget",
];

/** istio.networking.v1alpha3.TrafficPolicy (istio-analysis, 5.2). */
export function checkTrafficPolicy(policy: Field, namespace: string): void {
  if (!policy.isSet) return;
  const isEmpty = !policyFields.some((name) =>
    name === "portLevelSettings" ? policy.list(name).length > 0 : policy.has(name),
  );
  if (isEmpty) {
    policy.error(say("A traffic policy needs at least one of {0}", policyFields.join(", ")), {
      problem: problems.missingField,
    });
    return;
  }
  if (policy.has("tunnel") && policy.has("proxyProtocol")) {
    policy.at("proxyProtocol").error(say("Only one of tunnel and proxyProtocol can be set"), {
      at: "key",
      problem: problems.conflictingFields,
    });
    return;
  }
  checkSettings(policy, namespace);
  for (const settings of policy.list("portLevelSettings")) checkPortSettings(settings, namespace);
  checkTunnel(policy.at("tunnel"));
  const version = policy.at("proxyProtocol").at("version");
  if (version.isSet && typeof version.value === "string") checkOneOf(version, ["V1", "V2"]);
}

function checkPortSettings(settings: Field, namespace: string): void {
  if (settings.has("port")) checkPort(settings.at("port").at("number"));
  else settings.error(say("port is missing"), { problem: problems.missingField });
  const names = ["outlierDetection", "connectionPool", "loadBalancer", "tls"];
  if (!names.some((name) => settings.has(name))) {
    settings.error(say("Settings of a port need at least one of {0}", names.join(", ")), {
      problem: problems.missingField,
    });
    return;
  }
  checkSettings(settings, namespace);
}

function checkSettings(policy: Field, namespace: string): void {
  checkOutlierDetection(policy.at("outlierDetection"));
  checkConnectionPool(policy.at("connectionPool"));
  checkLoadBalancer(policy.at("loadBalancer"), policy.has("outlierDetection"));
  checkClientTls(policy.at("tls"), namespace);
}

function checkOutlierDetection(outlier: Field): void {
  if (!outlier.isSet) return;
  checkDuration(outlier.at("baseEjectionTime"));
  checkDuration(outlier.at("interval"));
  if (outlier.numberAt("consecutiveErrors") !== 0) {
    outlier
      .at("consecutiveErrors")
      .warn(say("consecutiveErrors is deprecated; use consecutive5xxErrors or consecutiveGatewayErrors"), {
        at: "key",
        tags: ["deprecated"],
      });
  }
  if (!outlier.at("splitExternalLocalOriginErrors").flag && outlier.numberAt("consecutiveLocalOriginFailures") > 0) {
    outlier
      .at("consecutiveLocalOriginFailures")
      .error(say("consecutiveLocalOriginFailures needs splitExternalLocalOriginErrors"), {
        at: "key",
        problem: problems.conflictingFields,
      });
  }
  checkRange(outlier.at("maxEjectionPercent"), 0, 100);
  checkRange(outlier.at("minHealthPercent"), 0, 100);
}

/** istio.networking.v1alpha3.ConnectionPoolSettings. */
export function checkConnectionPool(pool: Field): void {
  if (!pool.isSet) return;
  if (!pool.has("http") && !pool.has("tcp")) {
    pool.error(say("A connection pool needs http or tcp"), { problem: problems.missingField });
    return;
  }
  if (pool.has("http")) checkHttpPool(pool.at("http"));
  if (pool.has("tcp")) checkTcpPool(pool.at("tcp"));
}

function checkHttpPool(http: Field): void {
  const limits = ["http1MaxPendingRequests", "http2MaxRequests", "maxRequestsPerConnection", "maxRetries"];
  for (const name of [...limits, "maxConcurrentStreams"]) checkNotNegative(http.at(name));
  checkDuration(http.at("idleTimeout"));
  if (http.textAt("h2UpgradePolicy") === "UPGRADE" && http.at("useClientProtocol").flag) {
    http.at("useClientProtocol").error(say("useClientProtocol cannot be set with h2UpgradePolicy UPGRADE"), {
      at: "key",
      problem: problems.conflictingFields,
    });
  }
  const keepAlive = http.at("http2KeepAlive");
  if (!keepAlive.isSet) return;
  for (const name of ["interval", "timeout"]) {
    if (keepAlive.has(name)) checkDuration(keepAlive.at(name));
    else keepAlive.error(say("{0} is missing", name), { problem: problems.missingField });
  }
}

function checkTcpPool(tcp: Field): void {
  checkNotNegative(tcp.at("maxConnections"));
  checkDuration(tcp.at("connectTimeout"));
  checkDuration(tcp.at("maxConnectionDuration"));
  const idleTimeout = tcp.at("idleTimeout");
  // Below a millisecond is none, and is not looked at further.
  if (Math.trunc((idleTimeout.duration ?? 0) / millisecond) !== 0) checkDuration(idleTimeout);
  checkReadable(idleTimeout);
  checkDuration(tcp.at("tcpKeepalive").at("time"));
  checkDuration(tcp.at("tcpKeepalive").at("interval"));
}

function checkTunnel(tunnel: Field): void {
  if (!tunnel.isSet) return;
  checkOneOf(tunnel.at("protocol"), ["", "CONNECT", "POST"]);
  const host = tunnel.at("targetHost");
  if (!isFqdn(host.text) && !isIpAddress(host.text)) {
    host.error(say("{0} is neither a domain name nor an IP address", host.text), { problem: problems.badHost });
  }
  checkPort(tunnel.at("targetPort"));
}
