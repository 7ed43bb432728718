import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import type { Field } from "./field.ts";
import { checkOneOf, checkPort, checkRange, checkRegex } from "./scalars.ts";

/** istio.networking.v1alpha3.HTTPRedirect; Istio tells the first mistake only. */
export function checkRedirect(route: Field): void {
  const redirect = route.at("redirect");
  if (!redirect.isSet) return;
  const uri = redirect.textAt("uri");
  const prefix = redirect.textAt("prefixRewrite");
  if (uri !== "" && prefix !== "") {
    redirect.at("prefixRewrite").error(say("Only one of uri and prefixRewrite can be set"), {
      at: "key",
      problem: problems.conflictingFields,
    });
    return;
  }
  if (prefix !== "" && route.list("match").some((match) => match.has("uri") && !match.at("uri").has("prefix"))) {
    redirect.at("prefixRewrite").error(say("prefixRewrite needs a prefix in every match of a URI"));
    return;
  }
  const isEmpty =
    uri === "" &&
    prefix === "" &&
    redirect.textAt("authority") === "" &&
    redirect.numberAt("redirectCode") === 0 &&
    redirect.textAt("scheme") === "" &&
    !redirect.has("port") &&
    !redirect.has("derivePort");
  if (isEmpty) {
    redirect.error(say("A redirect changes the URI, the authority, the scheme or the port"), {
      problem: problems.missingField,
    });
    return;
  }
  if (redirect.numberAt("redirectCode") !== 0) checkRange(redirect.at("redirectCode"), 300, 399);
  checkOneOf(redirect.at("scheme"), ["", "http", "https"]);
  if (redirect.numberAt("port") > 0) checkPort(redirect.at("port"));
}

/** istio.networking.v1alpha3.HTTPDirectResponse. */
export function checkDirectResponse(response: Field): void {
  if (!response.isSet) return;
  checkRange(response.at("status"), 200, 600);
  const body = response.at("body");
  const bytes = body.textAt("string") === "" ? base64Bytes(body.textAt("bytes")) : utf8Bytes(body.textAt("string"));
  if (bytes > 1024 * 1024) body.error(say("A body has at most 1 MiB"), { problem: problems.badValue });
  else if (bytes > 100 * 1024) body.warn(say("A body of more than 100 KiB costs every proxy memory"));
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function base64Bytes(text: string): number {
  return Math.floor((text.replaceAll("=", "").length * 3) / 4);
}

/** istio.networking.v1alpha3.HTTPRewrite. */
export function checkRewrite(rewrite: Field): void {
  if (!rewrite.isSet) return;
  const uri = rewrite.textAt("uri");
  const byRegex = rewrite.at("uriRegexRewrite");
  if (uri !== "" && byRegex.isSet) {
    byRegex.error(say("Only one of uri and uriRegexRewrite can be set"), {
      at: "key",
      problem: problems.conflictingFields,
    });
  }
  if (uri === "" && !byRegex.isSet && rewrite.textAt("authority") === "") {
    rewrite.error(say("A rewrite changes the URI or the authority"), { problem: problems.missingField });
  }
  if (!byRegex.isSet) return;
  for (const name of ["match", "rewrite"]) {
    if (byRegex.textAt(name) !== "") continue;
    byRegex.at(name).error(say("{0} is missing", name), { problem: problems.missingField });
  }
  if (byRegex.textAt("match") !== "") checkRegex(byRegex.at("match"));
}
