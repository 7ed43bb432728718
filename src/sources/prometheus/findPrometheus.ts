import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { Clock, FindTelemetry, Log, TelemetrySource } from "../../mesh/ports.ts";
import { commandAuthorization, fixedAuthorization, type Authorization } from "./authorization.ts";
import { HttpTransport } from "./httpTransport.ts";
import { PrometheusClient } from "./prometheusClient.ts";
import { PrometheusSource } from "./prometheusSource.ts";
import type { Credentials, PrometheusSettings } from "./settings.ts";

export type { PrometheusSettings } from "./settings.ts";

export interface PrometheusOptions {
  readonly log: Log;
  readonly clock: Clock;
}

/** The store at an address. Nothing is connected before the first question; a bad address throws a MeshError. */
export function openPrometheus(
  settings: PrometheusSettings & { readonly url: string },
  options: PrometheusOptions,
): TelemetrySource {
  const address = readAddress(settings.url);
  const url = bareAddress(address);
  const label = url.href.replace(/\/$/, "");
  const authorization = authorizationOf({ ...credentialsIn(address), ...settings }, options.clock);
  const target = { url, label, headers: settings.headers ?? {}, authorization, tls: settings };
  const client = new PrometheusClient(new HttpTransport(target, options.clock));
  return new PrometheusSource(client, { id: label, settings, ...options });
}

/** Looks for the store of a cluster: the setting alone where there is one. */
export function createFindPrometheus(settings: PrometheusSettings, options: PrometheusOptions): FindTelemetry {
  return async (_cluster, signal) => {
    const { url } = settings;
    if (url === undefined) return { source: undefined, steps: [] };
    const tried = say("The address in the settings");
    try {
      const source = openPrometheus({ ...settings, url }, options);
      await source.capabilities(signal);
      return { source, steps: [{ tried, answer: say("{0} answers", source.label), found: true }] };
    } catch (e) {
      if (!MeshError.is(e)) throw e;
      return { source: undefined, steps: [{ tried, answer: e.words, found: false }] };
    }
  };
}

function authorizationOf(settings: PrometheusSettings, clock: Clock): Authorization {
  const { tokenCommand, credentials } = settings;
  if (!credentials && tokenCommand && tokenCommand.length > 0) return commandAuthorization(tokenCommand, clock);
  return fixedAuthorization(credentials);
}

function readAddress(text: string): URL {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  // The text is not repeated: it may hold a password.
  throw new MeshError("misconfigured", say("The Prometheus URL is no http or https address"), {
    hint: say("It should look like {0}", "https://prometheus.example.com/prefix"),
  });
}

function credentialsIn({ username, password }: URL): { readonly credentials?: Credentials } {
  return username === "" && password === ""
    ? {}
    : { credentials: { user: percentDecoded(username), password: percentDecoded(password) } };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function bareAddress(address: URL): URL {
  const bare = new URL(address.href);
  bare.username = "";
  bare.password = "";
  bare.search = "";
  bare.hash = "";
  return bare;
}
