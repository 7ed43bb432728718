import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import type { Field } from "./field.ts";

/** Characters of a path segment (RFC 3986, pchar). */
const segmentCharacters = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*$/u;

/** A path of an AuthorizationPolicy with `{*}` and `{**}`: whole segments, `{**}` the last of them. */
export function checkPathTemplates(path: Field): void {
  if (!/[{}]/u.test(path.text)) return;
  const segments = path.text.split("/");
  const isTemplate = (segment: string): boolean => segment === "{*}" || segment === "{**}";
  const broken = segments.find((segment) => /[{}]/u.test(segment) && !isTemplate(segment));
  if (broken !== undefined) {
    path.error(say("In {0}, a template has to be a whole segment: {1} or {2}", path.text, "{*}", "{**}"), {
      problem: problems.badValue,
    });
    return;
  }
  const first = segments.indexOf("{**}");
  if (first >= 0 && segments.slice(first + 1).some(isTemplate)) {
    path.error(say("In {0}, {1} has to be the last template", path.text, "{**}"), { problem: problems.badValue });
    return;
  }
  const odd = segments.find((segment) => !isTemplate(segment) && !segmentCharacters.test(segment));
  if (odd !== undefined) path.error(say("{0} is no segment of a path", odd), { problem: problems.badValue });
}
