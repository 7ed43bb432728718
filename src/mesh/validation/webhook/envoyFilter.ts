import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import { compileRe2 } from "../values/regex.ts";
import type { Field } from "./field.ts";
import { checkWorkloadSelector } from "./selectors.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.11, but for Envoy's own definitions of what is patched. */
export const envoyFilter = webhookRule(kinds.EnvoyFilter, (spec) => {
  // Istio warns of each; whoever wrote one knows it.
  spec.warn(say("EnvoyFilter depends on Envoy's internals, which change with every release of Istio"), {
    severity: "hint",
  });
  if (!checkWorkloadSelector(spec)) return;
  for (const patch of spec.list("configPatches")) checkPatch(patch);
});

const listenerPatches = new Set(["LISTENER", "FILTER_CHAIN", "NETWORK_FILTER", "HTTP_FILTER"]);
const routePatches = new Set(["ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE"]);
const httpManagers = new Set(["envoy.filters.network.http_connection_manager", "envoy.http_connection_manager"]);
/** Filters' names before Envoy 1.14, by today's. */
const oldNames: ReadonlyMap<string, string> = new Map([
  ["envoy.buffer", "envoy.filters.http.buffer"],
  ["envoy.client_ssl_auth", "envoy.filters.network.client_ssl_auth"],
  ["envoy.cors", "envoy.filters.http.cors"],
  ["envoy.echo", "envoy.filters.network.echo"],
  ["envoy.ext_authz", "envoy.filters.http.ext_authz"],
  ["envoy.fault", "envoy.filters.http.fault"],
  ["envoy.filters.http.wasm_router", "envoy.filters.http.router"],
  ["envoy.grpc_http1_bridge", "envoy.filters.http.grpc_http1_bridge"],
  ["envoy.grpc_json_transcoder", "envoy.filters.http.grpc_json_transcoder"],
  ["envoy.grpc_web", "envoy.filters.http.grpc_web"],
  ["envoy.gzip", "envoy.filters.http.gzip"],
  ["envoy.health_check", "envoy.filters.http.health_check"],
  ["envoy.http_connection_manager", "envoy.filters.network.http_connection_manager"],
  ["envoy.http_dynamo_filter", "envoy.filters.http.dynamo"],
  ["envoy.ip_tagging", "envoy.filters.http.ip_tagging"],
  ["envoy.listener.http_inspector", "envoy.filters.listener.http_inspector"],
  ["envoy.listener.original_dst", "envoy.filters.listener.original_dst"],
  ["envoy.listener.original_src", "envoy.filters.listener.original_src"],
  ["envoy.listener.proxy_protocol", "envoy.filters.listener.proxy_protocol"],
  ["envoy.listener.tls_inspector", "envoy.filters.listener.tls_inspector"],
  ["envoy.lua", "envoy.filters.http.lua"],
  ["envoy.mongo_proxy", "envoy.filters.network.mongo_proxy"],
  ["envoy.rate_limit", "envoy.filters.http.ratelimit"],
  ["envoy.ratelimit", "envoy.filters.network.ratelimit"],
  ["envoy.redis_proxy", "envoy.filters.network.redis_proxy"],
  ["envoy.router", "envoy.filters.http.router"],
  ["envoy.squash", "envoy.filters.http.squash"],
  ["envoy.tcp_proxy", "envoy.filters.network.tcp_proxy"],
]);

function checkPatch(one: Field): void {
  if (!one.isSet) {
    one.error(say("A patch cannot be null"), { problem: problems.missingField });
    return;
  }
  const match = one.at("match");
  if (match.textAt("context") === "WAYPOINT") return;
  const applyTo = one.textAt("applyTo");
  if (applyTo === "" || applyTo === "INVALID") {
    one.error(say("applyTo is missing"), { problem: problems.missingField });
    return;
  }
  const patch = one.at("patch");
  if (!patch.isSet) {
    one.error(say("patch is missing"), { problem: problems.missingField });
    return;
  }
  const operation = patch.textAt("operation");
  if (operation === "" || operation === "INVALID") {
    patch.error(say("operation is missing"), { problem: problems.missingField });
    return;
  }
  if (operation !== "REMOVE" && !patch.has("value")) {
    patch.error(say("{0} needs a value", operation), { problem: problems.missingField });
    return;
  }
  checkProxyVersion(match.at("proxy").at("proxyVersion"));
  checkMatch(match, applyTo);
}

function checkProxyVersion(version: Field): void {
  if (version.text === "") return;
  if (version.text.length > 1024) {
    version.warn(say("A regular expression of more than 1024 bytes is not used"));
    return;
  }
  const compiled = compileRe2(version.text);
  if ("problem" in compiled) version.error(compiled.problem, { problem: problems.badRegex });
}

function checkMatch(match: Field, applyTo: string): void {
  const wanted = listenerPatches.has(applyTo)
    ? "listener"
    : routePatches.has(applyTo)
      ? "routeConfiguration"
      : applyTo === "CLUSTER"
        ? "cluster"
        : undefined;
  if (wanted === undefined) return;
  for (const name of ["listener", "routeConfiguration", "cluster"]) {
    if (name === wanted || !match.has(name)) continue;
    match
      .at(name)
      .error(say("{0} is matched by {1} only", applyTo, wanted), { at: "key", problem: problems.conflictingFields });
    return;
  }
  const filter = match.at("listener").at("filterChain").at("filter");
  if (wanted === "listener" && filter.isSet) checkFilter(filter, applyTo);
}

function checkFilter(filter: Field, applyTo: string): void {
  if (applyTo === "LISTENER" || applyTo === "FILTER_CHAIN") {
    filter.warn(say("A filter match does nothing for {0}", applyTo), { at: "key" });
    return;
  }
  const name = filter.at("name");
  if (name.text === "") {
    filter.error(say("A filter match needs a name"), { problem: problems.missingField });
    return;
  }
  warnOldName(name);
  const sub = filter.at("subFilter");
  if (!sub.isSet) return;
  if (applyTo !== "HTTP_FILTER") {
    sub.error(say("subFilter works with HTTP_FILTER only"), { at: "key", problem: problems.conflictingFields });
    return;
  }
  if (!httpManagers.has(name.text)) {
    sub.error(say("subFilter needs the filter envoy.filters.network.http_connection_manager"), {
      at: "key",
      problem: problems.conflictingFields,
    });
    return;
  }
  if (sub.textAt("name") === "") sub.error(say("A subFilter needs a name"), { problem: problems.missingField });
  else warnOldName(sub.at("name"));
}

function warnOldName(name: Field): void {
  const today = oldNames.get(name.text);
  if (today !== undefined) name.warn(say("{0} is the old name of {1}", name.text, today), { tags: ["deprecated"] });
}
