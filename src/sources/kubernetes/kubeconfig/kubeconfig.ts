import { readFile, stat } from "node:fs/promises";
import { unwatchFile, watchFile } from "node:fs";
import path from "node:path";
import { say, type Message } from "../../../mesh/message.ts";
import type { Disposable } from "../../../mesh/disposer.ts";
import { inClusterConfig } from "./inCluster.ts";
import {
  NotAKubeconfig,
  parseKubeconfig,
  type ClusterFields,
  type KubeconfigFile,
  type UserFields,
} from "./kubeconfigFile.ts";
import { ShapeError } from "./kubeconfigShape.ts";

export interface ContextEntry {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string | undefined;
  /** The API server's address as written; may hold a user part, so redact before showing. */
  readonly server: string | undefined;
}

/** Fields of an entry and the absolute path of the file that defined it, against which its relative paths resolve. */
export interface Defined<Fields> {
  readonly file: string;
  readonly fields: Fields;
}

export interface Kubeconfig {
  /** The files looked at, first in command first, absolute; missing ones too, they may appear. */
  readonly files: readonly string[];
  /** undefined also where a broken file might say otherwise than those after it. */
  readonly currentContext: string | undefined;
  readonly contexts: readonly ContextEntry[];
  readonly problems: readonly Message[];
  readonly clusters: ReadonlyMap<string, Defined<ClusterFields>>;
  readonly users: ReadonlyMap<string, Defined<UserFields>>;
}

type Env = Readonly<Record<string, string | undefined>>;

export interface KubeconfigPlaces {
  /** In order; instead of KUBECONFIG and the home folder if there is one. Unlike there, a missing one is a problem. */
  readonly files?: readonly string[];
  readonly env: Env;
  readonly home: string;
  /** Where a pod finds its own credentials; "/var/run/secrets/kubernetes.io/serviceaccount" unless given. */
  readonly serviceAccountFolder?: string;
}

const largestFile = 16 * 1024 * 1024;

/**
 * Kubeconfigs merged as kubectl does: the first file to name a cluster, user, context or current context wins. A file
 * that cannot be read hides those after it, because what it would have overridden is unknown (kubectl stops there too).
 * Never throws: what is wrong becomes a problem. Order: the files given, KUBECONFIG, ~/.kube/config, the pod's own.
 */
export async function readKubeconfig(places: KubeconfigPlaces): Promise<Kubeconfig> {
  const given = (places.files ?? []).filter((file) => file !== "");
  const fromEnv = (places.env["KUBECONFIG"] ?? "").split(path.delimiter).filter((file) => file !== "");
  const wanted = given.length > 0 ? given : fromEnv.length > 0 ? fromEnv : [path.join(places.home, ".kube", "config")];
  const files = [...new Set(wanted.map((file) => path.resolve(fromHome(file, given.length > 0 ? places.home : ""))))];
  // KUBECONFIG="" means the same as none to kubectl, but ":" means no file at all.
  if (given.length === 0 && fromEnv.length === 0 && places.env["KUBECONFIG"]) files.length = 0;

  const merged = new Merge();
  for (const file of files) {
    const read = await readOne(file, given.length > 0);
    if ("problem" in read) {
      merged.problems.push(read.problem);
      if (read.hides) break;
    } else merged.add(file, read);
  }
  if (merged.contexts.size === 0 && merged.problems.length === 0) {
    const own = await inClusterConfig(places.env, places.serviceAccountFolder);
    if (own) merged.add(own.file, own.config);
  }
  return merged.result(files);
}

/**
 * Calls back when one of the files appears, changes or goes, at most 2 s late. Looks instead of listening, because
 * tools replace kubeconfigs by renaming and listeners lose sight of a file that was replaced or is not there yet.
 */
export function watchKubeconfig(kubeconfig: Kubeconfig, onChange: () => void): Disposable {
  const changed = (now: { mtimeMs: number; size: number; ino: number }, before: typeof now) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) onChange();
  };
  for (const file of kubeconfig.files) watchFile(file, { interval: 2000, persistent: false }, changed);
  return {
    dispose: () => {
      for (const file of kubeconfig.files) unwatchFile(file, changed);
    },
  };
}

function fromHome(file: string, home: string): string {
  return home !== "" && /^~[/\\]/.test(file) ? path.join(home, file.slice(2)) : file;
}

type Broken = { readonly problem: Message; readonly hides: boolean };

const nothing: KubeconfigFile = {
  currentContext: undefined,
  clusters: new Map(),
  users: new Map(),
  contexts: new Map(),
};

async function readOne(file: string, mustExist: boolean): Promise<KubeconfigFile | Broken> {
  let text: string;
  try {
    const found = await stat(file);
    if (!found.isFile()) return { problem: say("{0} is not a file, so it is no kubeconfig.", file), hides: true };
    if (found.size > largestFile) {
      return { problem: say("{0} is larger than {1} MB, so it was not read as a kubeconfig.", file, 16), hides: true };
    }
    text = await readFile(file, "utf8");
  } catch (e) {
    const code = e instanceof Error && "code" in e ? String(e.code) : "unknown error";
    if (code !== "ENOENT")
      return { problem: say("The kubeconfig {0} could not be read: {1}.", file, code), hides: true };
    return mustExist ? { problem: say("There is no kubeconfig {0}.", file), hides: false } : nothing;
  }
  try {
    return parseKubeconfig(text);
  } catch (e) {
    return { problem: whyBroken(file, e), hides: true };
  }
}

// Parser messages quote the file, and the file holds secrets: only positions are passed on.
function whyBroken(file: string, e: unknown): Message {
  if (e instanceof ShapeError) {
    return e.path === ""
      ? say("{0} is no kubeconfig: it must be {1}.", file, e.expected)
      : say("{0} is no valid kubeconfig: {1} must be {2}.", file, e.path, e.expected);
  }
  if (e instanceof NotAKubeconfig) return say("{0} is no valid kubeconfig: {1}.", file, e.message);
  const line = lineOf(e);
  if (line !== undefined) return say("{0} is no valid kubeconfig: line {1} is not valid YAML.", file, line);
  return say("{0} is no valid kubeconfig: it is not valid YAML.", file);
}

function lineOf(e: unknown): number | undefined {
  const mark: unknown = e instanceof Error && "mark" in e ? e.mark : undefined;
  if (typeof mark !== "object" || mark === null || !("line" in mark) || typeof mark.line !== "number") return undefined;
  return mark.line + 1;
}

class Merge {
  readonly problems: Message[] = [];
  readonly contexts = new Map<string, Omit<ContextEntry, "name" | "server">>();
  readonly #clusters = new Map<string, Defined<ClusterFields>>();
  readonly #users = new Map<string, Defined<UserFields>>();
  #current: string | undefined;

  add(file: string, config: KubeconfigFile): void {
    this.#current ??= config.currentContext;
    for (const [name, fields] of config.clusters) setFirst(this.#clusters, name, { file, fields });
    for (const [name, fields] of config.users) setFirst(this.#users, name, { file, fields });
    for (const [name, { cluster = "", user = "", namespace }] of config.contexts) {
      setFirst(this.contexts, name, { cluster, user, namespace });
    }
  }

  result(files: readonly string[]): Kubeconfig {
    return {
      files,
      currentContext: this.#current,
      contexts: [...this.contexts].map(([name, entry]) => ({
        name,
        ...entry,
        server: this.#clusters.get(entry.cluster)?.fields.server,
      })),
      problems: this.problems,
      clusters: this.#clusters,
      users: this.#users,
    };
  }
}

function setFirst<V>(map: Map<string, V>, name: string, value: V): void {
  if (!map.has(name)) map.set(name, value);
}
