import type { Uri } from "vscode";
import {
  EventEmitter,
  FileChangeType,
  FilePermission,
  FileSystemError,
  FileType,
  l10n,
  MarkdownString,
  workspace,
  type FileChangeEvent,
  type FileStat,
  type FileSystemProvider,
} from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import { isAbort, MeshError } from "../../mesh/meshError.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { KubeObject } from "../../mesh/model/kubeObject.ts";
import type { Log } from "../../mesh/ports.ts";
import type { MeshConnection } from "../connection.ts";
import { liveScheme } from "../ids.ts";
import { explainAny } from "../words.ts";
import { parseObjectPath } from "./objectPath.ts";
import { objectOf } from "./objectUri.ts";

/** One version of a document. `mtime` grows exactly when the text changes. */
interface Version {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly ctime: number;
  readonly mtime: number;
}

const rememberedVersions = 200;

/** Live objects as read-only files that follow the cluster (`foreyard:` documents). */
export class LiveObjects implements FileSystemProvider, Disposable {
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #connection: MeshConnection;
  readonly #log: Log;
  /** By URI, newest last, so that mtime can be kept where nothing changed. */
  readonly #versions = new Map<string, Version>();
  readonly #watches = new Set<Watch>();
  readonly #closing = new AbortController();

  constructor(connection: MeshConnection, log: Log) {
    this.#connection = connection;
    this.#log = log;
  }

  /** Starts following once there is a mesh to follow; open documents outlive connections. */
  reconnect(): void {
    for (const watch of this.#watches) this.#follow(watch);
  }

  async stat(uri: Uri): Promise<FileStat> {
    if (!uri.path.endsWith(".yaml")) return { type: FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const { ctime, mtime, bytes } = await this.#read(uri);
    return { type: FileType.File, ctime, mtime, size: bytes.byteLength, permissions: FilePermission.Readonly };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    return (await this.#read(uri)).bytes;
  }

  watch(uri: Uri): Disposable & { dispose(): void } {
    const watch: Watch = { uri, following: undefined };
    this.#watches.add(watch);
    this.#follow(watch);
    return {
      dispose: () => {
        this.#watches.delete(watch);
        watch.following?.stop.dispose();
      },
    };
  }

  readDirectory(): [string, FileType][] {
    return [];
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#closing.abort();
    for (const watch of this.#watches) watch.following?.stop.dispose();
    this.#watches.clear();
    this.#changed.dispose();
  }

  async #read(uri: Uri): Promise<Version> {
    const { live } = this.#connection;
    const ref = objectOf(this.#connection, uri);
    if (!live || !ref) throw this.#unavailable(uri);
    try {
      const object = await live.object(ref, this.#closing.signal);
      return await this.#keep(uri, object);
    } catch (error) {
      throw fileSystemError(uri, error);
    }
  }

  #follow(watch: Watch): void {
    const { live } = this.#connection;
    const { following } = watch;
    if (following?.mesh === live && !following?.isBroken) return;
    following?.stop.dispose();
    const ref = objectOf(this.#connection, watch.uri);
    if (!live || !ref) {
      watch.following = undefined;
      return;
    }
    const now: Following = {
      mesh: live,
      stop: live.follow(ref, (object) => {
        now.isBroken = MeshError.is(object);
        void this.#arrived(watch.uri, object);
      }),
      isBroken: false,
    };
    watch.following = now;
  }

  async #arrived(uri: Uri, object: KubeObject | MeshError | undefined): Promise<void> {
    // The text stays as it was read last; opening it anew says what is wrong.
    if (MeshError.is(object)) {
      this.#log.info("a live object is not followed for now", { path: uri.path, why: object });
      return;
    }
    if (!object) {
      this.#versions.delete(uri.toString());
      this.#changed.fire([{ type: FileChangeType.Deleted, uri }]);
      return;
    }
    try {
      const before = this.#versions.get(uri.toString())?.text;
      const { text } = await this.#keep(uri, object);
      if (text !== before) this.#changed.fire([{ type: FileChangeType.Changed, uri }]);
    } catch (error) {
      this.#log.error("a live object could not be shown", error, { path: uri.path });
    }
  }

  async #keep(uri: Uri, object: KubeObject): Promise<Version> {
    // Loaded here because only people who open a document need a YAML writer.
    const { documentText } = await import("../../mesh/live/documentText.ts");
    const text = documentText(object);
    const key = uri.toString();
    const before = this.#versions.get(key);
    const created = Date.parse(object.metadata.creationTimestamp ?? "") || 0;
    const version: Version =
      before?.text === text
        ? before
        : {
            text,
            bytes: new TextEncoder().encode(text),
            ctime: created,
            mtime: Math.max(Date.now(), (before?.mtime ?? 0) + 1),
          };
    this.#versions.delete(key);
    this.#versions.set(key, version);
    const [oldest] = this.#versions.keys();
    if (this.#versions.size > rememberedVersions && oldest !== undefined) this.#versions.delete(oldest);
    return version;
  }

  #unavailable(uri: Uri): FileSystemError {
    const context = parseObjectPath(uri.path)?.context;
    if (context === undefined) return FileSystemError.FileNotFound(uri);
    if (this.#connection.live?.clusters.some((cluster) => cluster.context === context && cluster.key !== undefined)) {
      return FileSystemError.Unavailable(
        l10n.t("This document is of another cluster than the one this window shows as {0}.", context),
      );
    }
    return FileSystemError.Unavailable(
      l10n.t("This window is not connected to {0}. Open the Foreyard view to connect, then try again.", context),
    );
  }
}

interface Following {
  readonly mesh: LiveMesh;
  readonly stop: Disposable;
  /** It was told of a failure last, which may have ended it: it starts anew when the connection changes. */
  isBroken: boolean;
}

interface Watch {
  readonly uri: Uri;
  following: Following | undefined;
}

function fileSystemError(uri: Uri, error: unknown): unknown {
  if (isAbort(error)) return error;
  if (MeshError.is(error, "not-found")) return FileSystemError.FileNotFound(uri);
  if (MeshError.is(error, "forbidden")) return FileSystemError.NoPermissions(explainAny(error));
  return FileSystemError.Unavailable(explainAny(error));
}

export function registerLiveObjects(connection: MeshConnection, log: Log): Disposable {
  const owned = new Disposer();
  const objects = owned.own(new LiveObjects(connection, log));
  owned.own(
    workspace.registerFileSystemProvider(liveScheme, objects, {
      isCaseSensitive: true,
      isReadonly: new MarkdownString(
        l10n.t("This is a live object, shown as its cluster has it. It follows changes and cannot be edited here."),
      ),
    }),
  );
  owned.own(connection.onChange((change) => (change === "opened" || change.status ? objects.reconnect() : undefined)));
  return owned;
}
