import type { MetadataDesk } from "./mesh/metadata/metadata.ts";
import type { ForeignRules } from "./mesh/validation/foreign/foreignRules.ts";
import type { ValidationRule } from "./mesh/validation/foreign/validationRule.ts";
import type { MetadataProvider, TelemetryProvider } from "./mesh/metadata/providers.ts";

/** Ends what was registered. */
export interface Registration {
  dispose(): unknown;
}

/** What other extensions may do; `docs/extending.md` shows it in use. Nothing that is here changes within a version. */
export interface ForeyardApi {
  readonly version: 1;
  /**
   * Shows what the provider knows of a resource wherever the resource is shown. It is asked when somebody looks, at most
   * every ten seconds for one resource, and has two seconds. Throws a TypeError for a provider without id, kinds or
   * function, and for an id that is taken.
   */
  registerMetadataProvider(provider: MetadataProvider): Registration;
  /** Shows the source's charts below those of a level. The same rules hold. */
  registerTelemetrySource(source: TelemetryProvider): Registration;
  /**
   * Checks objects of files and of the connected cluster, with Foreyard's own rules. Throws a TypeError for what is no
   * rule, and for an id or a code that is taken. A rule that throws is reported as its own fault.
   */
  registerValidationRule(rule: ValidationRule): Registration;
}

/** What `activate` gives: `extensions.getExtension("foreyard.foreyard")?.activate()`. */
export interface ForeyardExports {
  /** Throws a RangeError for a version that this Foreyard does not have. */
  getApi(version: 1): ForeyardApi;
}

/** @internal */
export function createExports(desk: MetadataDesk, rules: ForeignRules): ForeyardExports {
  const api: ForeyardApi = Object.freeze({
    version: 1,
    registerMetadataProvider: (provider: MetadataProvider) => desk.register(provider),
    registerTelemetrySource: (source: TelemetryProvider) => desk.registerTelemetry(source),
    registerValidationRule: (rule: ValidationRule) => rules.register(rule),
  });
  return Object.freeze({
    getApi: (version: number) => {
      if (version !== 1) throw new RangeError(`Foreyard has version 1 of its API, not ${String(version)}`);
      return api;
    },
  });
}
