import { dump } from "js-yaml";
import type { KubeObject } from "../model/kubeObject.ts";
import { documentOf } from "./documentOf.ts";

/** The YAML of {@link documentOf}, laid out as kubectl lays it out: sequences not indented, long lines unbroken. */
export function documentText(object: KubeObject): string {
  return dump(documentOf(object), {
    lineWidth: -1,
    noRefs: true,
    quoteStyle: "double",
    seqNoIndent: true,
    skipInvalid: true,
  });
}
