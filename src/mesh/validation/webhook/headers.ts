import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import type { Field } from "./field.ts";

/** istio.networking.v1alpha3.Headers, of a route or a destination. */
export function checkHeaders(headers: Field): void {
  for (const operation of ["add", "set"]) {
    for (const [name, value] of headers.at("request").at(operation).entries) {
      checkName(name, value, { mayBeAuthority: true, isKey: true });
      checkValue(value);
    }
    for (const [name, value] of headers.at("response").at(operation).entries) {
      checkName(name, value, { mayBeAuthority: false, isKey: true });
      checkValue(value);
    }
  }
  for (const part of ["request", "response"]) {
    for (const name of headers.at(part).list("remove"))
      checkName(name.text, name, { mayBeAuthority: false, isKey: false });
  }
}

/** True for request operations that set the authority. */
export function setsAuthority(headers: Field): boolean {
  const request = headers.at("request");
  return ["add", "set"].some((operation) =>
    request
      .at(operation)
      .entries.some(([name]) => name.toLowerCase() === ":authority" || name.toLowerCase() === "host"),
  );
}

function checkName(
  name: string,
  field: Field,
  { mayBeAuthority, isKey }: { readonly mayBeAuthority: boolean; readonly isKey: boolean },
): void {
  const lower = name.toLowerCase();
  const isAuthority = lower === ":authority" || lower === "host";
  const at = isKey ? "key" : "value";
  if (name === "") field.error(say("A header needs a name"), { at, problem: problems.badName });
  else if (isAuthority ? !mayBeAuthority : name.startsWith(":")) {
    field.error(say("The header {0} cannot be changed here", name), { at, problem: problems.badName });
  }
}

// Envoy's formatted headers: `%%` is a percent sign, `%COMMAND%` and `%COMMAND(...)%` are filled in.
const percent = /%%|%[A-Z_][A-Z_0-9]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?(?::\d+)?%/gu;

function checkValue(value: Field): void {
  const { text } = value;
  if (/[^\P{Cc}\t]/u.test(text)) {
    value.error(say("A header's value holds no control characters"), { problem: problems.badValue });
  } else if (text.replace(percent, "").includes("%")) {
    value.error(say("Write %% for a percent sign, or %NAME% for what Envoy fills in"), { problem: problems.badValue });
  }
}
