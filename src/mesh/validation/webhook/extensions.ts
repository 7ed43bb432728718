import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import { goUrlScheme } from "../values/goUrl.ts";
import type { Field } from "./field.ts";
import { checkPort } from "./scalars.ts";
import { checkTargets } from "./selectors.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.10. */
export const wasmPlugin = webhookRule(kinds.WasmPlugin, (spec) => {
  checkTargets(spec);
  checkWasm(spec);
  checkPorts(spec);
});

/** istio-analysis, 5.10. */
export const trafficExtension = webhookRule(kinds.TrafficExtension, (spec) => {
  checkTargets(spec, false);
  const [wasm, lua] = [spec.at("wasm"), spec.at("lua")];
  if (wasm.isSet === lua.isSet) {
    spec.error(say("Exactly one of wasm and lua is needed"), {
      problem: wasm.isSet ? problems.conflictingFields : problems.missingField,
    });
  }
  if (wasm.isSet) checkWasm(wasm);
  if (lua.isSet) {
    const bytes = new TextEncoder().encode(lua.textAt("inlineCode")).length;
    if (bytes < 1 || bytes > 65_536) {
      lua
        .at("inlineCode")
        .error(say("inlineCode has 1 to 65536 bytes, not {0}", bytes), { problem: problems.badValue });
    }
  }
  checkPorts(spec);
});

function checkWasm(wasm: Field): void {
  checkUrl(wasm.at("url"));
  const sha = wasm.at("sha256");
  if (sha.text !== "" && !/^[0-9a-f]{64}$/u.test(sha.text)) {
    sha.error(say("{0} is no SHA-256: 64 hexadecimal digits in lower case", sha.text), { problem: problems.badValue });
  }
  checkLength(wasm.at("imagePullSecret"), 253);
  checkLength(wasm.at("pluginName"), 256);
  const names = new Set<string>();
  for (const variable of wasm.at("vmConfig").list("env")) {
    const name = variable.at("name");
    if (name.text === "" || name.text.length > 256) {
      name.error(say("A variable's name has 1 to 256 characters"), { problem: problems.badName });
      return;
    }
    if (names.has(name.text)) {
      name.error(say("The variable {0} is set twice", name.text), { problem: problems.badName });
      return;
    }
    names.add(name.text);
    if (
      variable.textAt("valueFrom") !== "" &&
      variable.textAt("valueFrom") !== "INLINE" &&
      variable.textAt("value") !== ""
    ) {
      variable.at("value").error(say("A variable from the host has no value here"), {
        at: "key",
        problem: problems.conflictingFields,
      });
      return;
    }
  }
}

const schemes = new Set(["", "file", "http", "https", "oci"]);

function checkUrl(url: Field): void {
  if (url.text === "") {
    url.error(say("A url is needed"), { problem: problems.missingField });
    return;
  }
  // What Go refuses as it stands Istio tries after "http://".
  const whole = goUrlScheme(url.text, true) === undefined ? `http://${url.text}` : url.text;
  const scheme = goUrlScheme(whole, true);
  if (scheme === undefined || goUrlScheme(whole, false) === undefined) {
    url.error(say("{0} is no address", url.text), { problem: problems.badValue });
  } else if (!schemes.has(scheme)) {
    url.error(say("The scheme {0} is none of oci, http, https and file", scheme), { problem: problems.badValue });
  }
}

function checkLength(field: Field, longest: number): void {
  if (field.text.length <= longest) return;
  field.error(say("{0} has at most {1} characters", String(field.path.at(-1)), longest), {
    problem: problems.badValue,
  });
}

function checkPorts(spec: Field): void {
  for (const match of spec.list("match")) {
    if (!match.isSet) match.error(say("A match cannot be null"), { problem: problems.missingField });
    for (const port of match.list("ports")) checkPort(port.at("number"));
  }
}
