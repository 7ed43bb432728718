import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { tokens } from "./credentials.ts";

/** audit.k8s.io/v1 Event at level Metadata, as far as tests look at it. */
export interface AuditEvent {
  readonly stage: "ResponseStarted" | "ResponseComplete" | "Panic";
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly apiGroup?: string;
  };
  readonly responseStatus?: { readonly code: number };
}

const logFile = "audit.log";

/** Writes the audit policy and gives the flags that make the API server follow it. */
export async function auditFlags(folder: string): Promise<readonly string[]> {
  const policy = {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules: [
      { level: "None", users: ["driver", "components"] satisfies (keyof typeof tokens)[] },
      { level: "None", userGroups: ["system:serviceaccounts:kube-system"] },
      { level: "None", users: ["system:apiserver"] },
      { level: "Metadata" },
    ],
  };
  const file = path.join(folder, "audit-policy.json");
  await writeFile(file, JSON.stringify(policy));
  return [`--audit-policy-file=${file}`, `--audit-log-path=${path.join(folder, logFile)}`];
}

/** A watch has two events: one when its answer starts, one when it ends. */
export async function readAudit(folder: string): Promise<readonly AuditEvent[]> {
  const text = await readFile(path.join(folder, logFile), "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1); // the last line may still be on its way
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as AuditEvent);
}
