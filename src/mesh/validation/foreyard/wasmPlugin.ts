import { fieldsAt, fieldsOf, textAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";

/** What a WasmPlugin, or a TrafficExtension with Wasm, loads and where in the filters it stands. */
export const wasmModule: Rule = {
  name: "wasmModule",
  layer: "foreyard",
  codes: [
    {
      code: "FY1122",
      severity: "warning",
      title: "URL of a Wasm module that cannot be loaded",
      explanation:
        "The proxy loads modules from oci://registry/image, http(s)://host/path or file:///path. With a URL of another form " +
        "it loads nothing, and by its fail strategy then refuses requests or runs without the plugin.",
      source: "WasmPlugin spec.url; istio/istio pkg/wasm",
    },
    {
      code: "FY1123",
      severity: "warning",
      title: "Unknown phase of a Wasm plugin",
      explanation:
        "The phase says before which of Istio's filters the plugin stands: AUTHN, AUTHZ or STATS; without one it stands at " +
        "the end.",
      source: "WasmPlugin spec.phase",
    },
  ],
  kinds: [kinds.WasmPlugin, kinds.TrafficExtension],
  reads: [],
  *check(object) {
    const spec = fieldsAt(object.object, "spec");
    yield* badPhase(spec);
    const isExtension = object.kind === kinds.TrafficExtension;
    const path: FieldPath = isExtension ? ["spec", "wasm", "url"] : ["spec", "url"];
    const url = textAt(isExtension ? fieldsAt(spec, "wasm") : spec, "url");
    if (url !== undefined) yield* badUrl(url, path);
  },
};

const phases = ["UNSPECIFIED_PHASE", "AUTHN", "AUTHZ", "STATS"];

function* badPhase(spec: unknown): Generator<RuleFinding> {
  const { phase } = fieldsOf(spec);
  if (typeof phase !== "string" || phase === "" || phases.includes(phase)) return;
  yield {
    code: "FY1123",
    message: say("Phase {0} is none of AUTHN, AUTHZ, STATS", phase),
    path: ["spec", "phase"],
    problem: problems.badValue,
  };
}

const scheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/isu;

function* badUrl(url: string, path: FieldPath): Generator<RuleFinding> {
  const expected = expectedForm(url);
  if (expected === undefined) return;
  yield {
    code: "FY1122",
    message: say("No proxy loads {0}; expected {1}", url.slice(0, mostShown), expected),
    path,
    problem: problems.badValue,
  };
}

const mostShown = 100;

/** The form that a URL should have; undefined where it has it. Without a scheme it is an OCI image. */
function expectedForm(url: string): string | undefined {
  const [, name = "", rest = ""] = scheme.exec(url) ?? ["", "oci", url];
  const isOneWord = !/\s/u.test(url);
  switch (name.toLowerCase()) {
    case "oci":
      return isOneWord && rest.length <= longest && image.test(rest) ? undefined : "oci://registry/image:tag";
    case "http":
    case "https":
      return isOneWord && URL.canParse(url) ? undefined : `${name}://host/path`;
    case "file":
      return isOneWord && rest.startsWith("/") && rest.length > 1 ? undefined : "file:///path";
    default:
      return "oci, http, https, file";
  }
}

// registry[:port]/repository[:tag][@digest], as container registries name images.
const image =
  /^(?:[a-z0-9.-]+(?::\d{1,5})?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/iu;

const longest = 500;
