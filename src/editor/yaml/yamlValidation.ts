import { EventEmitter, languages, Uri, workspace, type Event, type TextDocument } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import type { ObjectFeeding } from "../../mesh/live/liveMesh.ts";
import type { Log } from "../../mesh/ports.ts";
import { locate } from "../../mesh/validation/engine/locate.ts";
import type { WorkspaceCheck } from "../../mesh/validation/engine/workspaceCheck.ts";
import type { Rule } from "../../mesh/validation/rule.ts";
import type { Finding } from "../../mesh/validation/finding.ts";
import type { WorldObject } from "../../mesh/validation/world/worldObject.ts";
import { groupOf } from "../../mesh/model/kubeObject.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { MeshConnection } from "../connection.ts";
import { editorClock } from "../clock.ts";
import { documentUri } from "../resources/objectUri.ts";
import { readSettings, validationSettings, type ValidationSettings } from "../settings.ts";
import type * as checkerModule from "./checker.ts";
import { fileDiagnostics, liveDiagnostics, type DiagnosticPlaces } from "./diagnostics.ts";
import { isLeftToOther, otherMarks, otherYaml } from "./otherYaml.ts";
import { findCharts, findYamlFiles, isTemplate, readText } from "./workspaceFiles.ts";

type Checker = typeof checkerModule;

/** After the last key (Y4). */
const debounceMillis = 150;
/** The longest that the host's thread is held at a time (Y9). */
const sliceMillis = 8;
const schemes = new Set(["file", "untitled", "vscode-remote", "vscode-vfs"]);
const meshKind = /^\s*["']?apiVersion["']?\s*:\s*["']?(?:[\w-]+\.istio\.io|gateway\.networking\.(?:x-)?k8s\.io)\//mu;

/** Which live objects' findings are shown. */
export type LiveFindingScope = (object: WorldObject) => boolean;

/**
 * Diagnostics in YAML. Nothing is loaded or read before a document with objects of Istio or the Gateway API is open, or a
 * command asks; no cluster is contacted by it: live objects join once the user has connected in this window.
 */
export class YamlValidation implements Disposable {
  readonly #owned = new Disposer();
  readonly #connection: MeshConnection;
  readonly #log: Log;
  readonly #extraRules: () => readonly Rule[];
  readonly #diagnostics = this.#owned.own(languages.createDiagnosticCollection("foreyard"));
  readonly #changed = this.#owned.own(new EventEmitter<undefined>());
  /** Findings are others than before, or a check begins or ends. */
  readonly onChange: Event<undefined> = this.#changed.event;
  #settings: ValidationSettings = validationSettings(readSettings());
  #starting: Promise<void> | undefined;
  #checker: Checker | undefined;
  #check: WorkspaceCheck | undefined;
  #overlayKey: string | undefined;
  #feeding: ObjectFeeding | undefined;
  #charts: ReadonlySet<string> = new Set();
  #scope: LiveFindingScope | undefined;
  #running: Promise<void> | undefined;
  #isDue = false;
  #isDisposed = false;
  readonly #touched = new Set<string>();
  readonly #timers = new Map<string, Disposable>();
  readonly #livePublished = new Set<string>();
  /** What other extensions marked in a file when it was published last. */
  readonly #others = new Map<string, string>();

  constructor(connection: MeshConnection, log: Log, extraRules: () => readonly Rule[]) {
    this.#connection = connection;
    this.#log = log;
    this.#extraRules = extraRules;
    this.#owned.own(workspace.onDidOpenTextDocument((document) => this.#opened(document)));
    this.#owned.own(workspace.onDidChangeTextDocument(({ document }) => this.#edited(document)));
    this.#owned.own(workspace.onDidCloseTextDocument((document) => void this.#closed(document)));
    this.#owned.own(connection.onChange((change) => (change === "opened" ? this.#reconnect() : this.#overlay())));
    this.#owned.own(languages.onDidChangeDiagnostics(({ uris }) => this.#othersTold(uris)));
    this.#owned.own(workspace.onDidChangeWorkspaceFolders(() => this.restart()));
    this.#owned.own(
      workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration("foreyard")) return;
        this.#settings = validationSettings(readSettings());
        this.restart();
      }),
    );
    for (const document of workspace.textDocuments) this.#opened(document);
  }

  /** The check that runs, if one does. */
  get check(): WorkspaceCheck | undefined {
    return this.#check;
  }

  get isBusy(): boolean {
    return this.#running !== undefined || (this.#starting !== undefined && this.#check === undefined);
  }

  /** Loads and reads what a check needs, once. */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      this.#log.error("validation could not start", error);
    });
    return this.#starting;
  }

  /** Shows what is found of live objects from now on, too; undefined: of none. */
  showLive(scope: LiveFindingScope | undefined): void {
    this.#scope = scope;
    this.#publishLive();
  }

  findingsOf(object: WorldObject): readonly Finding[] {
    return this.#check?.findingsOf(object) ?? [];
  }

  /** The objects that are a resource, select it or name it. */
  async objectsAbout(ref: ObjectRef): Promise<readonly WorldObject[]> {
    await this.start();
    const { cluster, group, kind, namespace, name } = ref;
    const check = this.#check;
    return check === undefined || this.#checker === undefined
      ? []
      : check.objectsAbout({ cluster, kind: this.#checker.kindOf(group, kind), namespace, name });
  }

  /** Resolves when live objects are in and everything is checked; rejects by the signal. */
  async settled(signal: AbortSignal): Promise<void> {
    await this.start();
    while (!signal.aborted) {
      await this.#running;
      const isIn = this.#connection.live === undefined || this.#feeding === undefined || this.#feeding.isIn;
      if (isIn && !this.#isDue && this.#running === undefined) return;
      await new Promise<void>((resolve) => editorClock.after(50, resolve));
    }
    signal.throwIfAborted();
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const timer of this.#timers.values()) timer.dispose();
    this.#feeding?.dispose();
    this.#owned.dispose();
  }

  async #start(): Promise<void> {
    this.#checker = await import("./checker.ts");
    await this.#checker.prepare();
    if (this.#isDisposed) return;
    this.#charts = await findCharts();
    const watcher = this.#owned.own(workspace.createFileSystemWatcher("**/*.{yaml,yml}"));
    this.#owned.own(watcher.onDidCreate((uri) => void this.#reread(uri)));
    this.#owned.own(watcher.onDidChange((uri) => void this.#reread(uri)));
    this.#owned.own(watcher.onDidDelete((uri) => this.#gone(uri)));
    this.#open();
    await this.#scan();
  }

  /** A new check over the cluster that is connected now, with the files that the last one had. */
  #open(): void {
    if (!this.#checker || this.#isDisposed) return;
    const before = this.#check;
    this.#feeding?.dispose();
    this.#feeding = undefined;
    const cluster = this.#connection.live?.clusters.find(({ key }) => key !== undefined);
    this.#overlayKey = cluster?.key;
    const overlay = cluster?.key === undefined ? undefined : { key: cluster.key, context: cluster.context };
    const check = this.#checker.createCheck(this.#settings, this.#extraRules(), {
      overlay,
      changed: () => this.#due(),
    });
    this.#check = check;
    for (const name of before?.fileNames ?? []) {
      const text = before?.file(name)?.text;
      if (text !== undefined) this.#put(Uri.parse(name), text);
    }
    const { live } = this.#connection;
    if (live !== undefined && overlay !== undefined) this.#feeding = live.feedObjects(check.feedOf);
    this.#due();
  }

  // Only the first answer of a cluster makes another world; after that its objects come by themselves.
  #overlay(): void {
    if (!this.#checker || this.#check === undefined) return;
    const key = this.#connection.live?.clusters.find((cluster) => cluster.key !== undefined)?.key;
    if (key !== this.#overlayKey) this.#open();
  }

  #reconnect(): void {
    if (this.#checker && this.#check !== undefined) this.#open();
  }

  /** Checks everything anew, since settings or rules are others. */
  restart(): void {
    if (!this.#checker) {
      for (const document of workspace.textDocuments) this.#opened(document);
      return;
    }
    this.#diagnostics.clear();
    this.#livePublished.clear();
    this.#check = undefined;
    if (!this.#settings.validationEnabled) {
      this.#feeding?.dispose();
      this.#feeding = undefined;
      this.#changed.fire(undefined);
      return;
    }
    this.#open();
    void this.#scan();
  }

  async #scan(): Promise<void> {
    let until = performance.now() + sliceMillis;
    for (const uri of await findYamlFiles()) {
      if (this.#isDisposed) return;
      if (openDocument(uri) === undefined) {
        const text = await readText(uri, this.#log);
        if (text !== undefined) this.#put(uri, text);
      }
      if (performance.now() < until) continue;
      await nextTurn();
      until = performance.now() + sliceMillis;
    }
    for (const document of workspace.textDocuments) if (isYaml(document)) this.#put(document.uri, document.getText());
  }

  #opened(document: TextDocument): void {
    if (!this.#settings.validationEnabled || !isYaml(document)) return;
    if (this.#check !== undefined) this.#put(document.uri, document.getText());
    else if (meshKind.test(document.getText())) void this.start();
  }

  #edited(document: TextDocument): void {
    if (!this.#settings.validationEnabled || !isYaml(document)) return;
    if (this.#check === undefined) {
      if (meshKind.test(document.getText())) void this.start();
      return;
    }
    const name = document.uri.toString();
    this.#timers.get(name)?.dispose();
    const timer = editorClock.after(debounceMillis, () => {
      this.#timers.delete(name);
      if (!document.isClosed) this.#put(document.uri, document.getText());
    });
    this.#timers.set(name, timer);
  }

  /** What is on disk counts again; what is not, as an untitled document, is gone. */
  async #closed(document: TextDocument): Promise<void> {
    if (this.#check === undefined || !isYaml(document)) return;
    const isOfWorkspace = workspace.getWorkspaceFolder(document.uri) !== undefined;
    if (isOfWorkspace) await this.#reread(document.uri);
    else this.#gone(document.uri);
  }

  async #reread(uri: Uri): Promise<void> {
    if (openDocument(uri) !== undefined || !schemes.has(uri.scheme)) return;
    const text = await readText(uri, this.#log);
    if (text === undefined) this.#gone(uri);
    else this.#put(uri, text);
  }

  #gone(uri: Uri): void {
    this.#check?.removeFile(uri.toString());
    this.#diagnostics.delete(uri);
  }

  #put(uri: Uri, text: string): void {
    const name = uri.toString();
    this.#touched.add(name);
    this.#check?.putFile(name, text, { isTemplate: isTemplate(uri, this.#charts) });
  }

  #due(): void {
    this.#isDue = true;
    if (this.#isDisposed) return;
    if (this.#running !== undefined) return;
    this.#running = this.#run()
      .catch((error: unknown) => this.#log.error("validation ended by a bug", error))
      .finally(() => {
        this.#running = undefined;
        if (this.#isDue) this.#due();
        else this.#changed.fire(undefined);
      });
    this.#changed.fire(undefined);
  }

  async #run(): Promise<void> {
    // Whoever changes something may change more in the same turn.
    await nextTurn();
    const check = this.#check;
    this.#isDue = false;
    if (check === undefined) return;
    const update = check.update();
    let until = performance.now() + sliceMillis;
    for (;;) {
      const step = update.next();
      if (step.done === true) {
        for (const name of step.value) this.#touched.add(name);
        break;
      }
      if (performance.now() < until) continue;
      await nextTurn();
      // What changed meanwhile is checked by the next run, which comes at once.
      if (this.#check !== check || this.#isDisposed) return;
      until = performance.now() + sliceMillis;
    }
    this.#publish(check);
    this.#publishLive();
  }

  #publish(check: WorkspaceCheck): void {
    const places = this.#places(check);
    for (const name of this.#touched) {
      this.#publishFile(check, name, places);
    }
    this.#touched.clear();
  }

  #publishFile(check: WorkspaceCheck, name: string, places: DiagnosticPlaces): void {
    const uri = Uri.parse(name);
    const marks = otherMarks(uri);
    this.#others.set(name, JSON.stringify(marks));
    const other = otherYaml();
    const engine = this.#settings.yamlEngine;
    const found = check.findingsIn(name).filter((finding) => {
      const place = locate(finding);
      const file = check.file(name);
      if (place === undefined || file === undefined) return true;
      const lines = { firstLine: file.lineAt(place.range.start).line, lastLine: file.lineAt(place.range.end).line };
      return !isLeftToOther({ ...finding, ...lines }, { engine, other, marks });
    });
    this.#diagnostics.set(uri, fileDiagnostics(found, places));
  }

  /** Another extension says something else of a file: what it tells now is not told twice. */
  #othersTold(uris: readonly Uri[]): void {
    const check = this.#check;
    if (check === undefined || otherYaml() === "absent") return;
    for (const uri of uris) {
      const name = uri.toString();
      if (check.file(name) === undefined || this.#others.get(name) === JSON.stringify(otherMarks(uri))) continue;
      this.#publishFile(check, name, this.#places(check));
    }
  }

  #publishLive(): void {
    const check = this.#check;
    const before = new Set(this.#livePublished);
    this.#livePublished.clear();
    if (check !== undefined && this.#scope !== undefined && this.#checker !== undefined) {
      const places = this.#places(check);
      for (const { object, findings } of check.liveFindings()) {
        const uri = this.#scope(object) ? places.liveUri(object) : undefined;
        if (uri === undefined) continue;
        const document = this.#checker.liveDocument(object.object);
        this.#diagnostics.set(uri, liveDiagnostics(findings, document, places));
        this.#livePublished.add(uri.toString());
        before.delete(uri.toString());
      }
    }
    for (const uri of before) this.#diagnostics.delete(Uri.parse(uri));
  }

  #places(check: WorkspaceCheck): DiagnosticPlaces {
    return {
      file: (name) => check.file(name),
      liveUri: ({ cluster, object, namespace, name }) =>
        documentUri(this.#connection, {
          cluster,
          group: groupOf(object.apiVersion),
          kind: object.kind,
          namespace,
          name,
        }),
    };
  }
}

function isYaml({ languageId, uri }: TextDocument): boolean {
  return schemes.has(uri.scheme) && (languageId === "yaml" || /\.ya?ml$/iu.test(uri.path));
}

function openDocument(uri: Uri): TextDocument | undefined {
  const name = uri.toString();
  return workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === name);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
