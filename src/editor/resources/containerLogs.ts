import { l10n, Position, Range, TextEditorRevealType, window, workspace, type Uri } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import { isAbort } from "../../mesh/meshError.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { Clock, Log } from "../../mesh/ports.ts";
import type { MeshConnection } from "../connection.ts";
import { logScheme } from "../ids.ts";
import { explainAny } from "../words.ts";
import { LineRoom } from "./lineRoom.ts";
import { authorityOf } from "./objectUri.ts";
import { toObjectPath } from "./objectPath.ts";
import { TextDocuments } from "./textDocuments.ts";

export interface ShownContainer {
  readonly pod: ObjectRef;
  readonly container: string;
  /** Of the run before the last restart; else the present one is followed. */
  readonly isPrevious: boolean;
}

const redrawMillis = 500;
const firstLines = 1_000;

/** Logs of containers as read-only documents, followed as long as their tab is open. */
export class ContainerLogs implements Disposable {
  readonly #connection: MeshConnection;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #owned = new Disposer();
  readonly #documents: TextDocuments;
  readonly #running = new Map<string, AbortController>();

  constructor(connection: MeshConnection, clock: Clock, log: Log) {
    this.#connection = connection;
    this.#clock = clock;
    this.#log = log;
    const gone = l10n.t("This log is gone. Open it again from the pod.");
    this.#documents = this.#owned.own(new TextDocuments(logScheme, gone, (uri) => this.#closed(uri)));
    this.#owned.own(
      connection.onChange((change) => {
        if (change === "opened") for (const running of this.#running.values()) running.abort();
      }),
    );
  }

  async show({ pod, container, isPrevious }: ShownContainer): Promise<void> {
    const live = this.#connection.live;
    const context = live?.clusters.find(({ key }) => key === pod.cluster)?.context;
    if (!live || context === undefined) return;
    const path = toObjectPath(context, { ...pod, name: `${pod.name} ${container}` }).replace(/\.yaml$/, ".log");
    const uri = this.#documents.uri(authorityOf(pod.cluster), path, isPrevious ? "previous" : "");
    const key = uri.toString();
    this.#running.get(key)?.abort();
    const abort = new AbortController();
    this.#running.set(key, abort);
    const shown = new ShownLog(this.#documents, uri, this.#clock);
    const { namespace, name } = pod;
    const query = { namespace, pod: name, container, tailLines: firstLines, follow: !isPrevious, previous: isPrevious };
    const lines = live.drilldown().reads.logs(pod.cluster, query, abort.signal);
    void this.#follow(lines, shown, abort.signal).finally(() => {
      if (this.#running.get(key) === abort) this.#running.delete(key);
    });
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { preview: false });
  }

  dispose(): void {
    for (const running of this.#running.values()) running.abort();
    this.#running.clear();
    this.#owned.dispose();
  }

  async #follow(lines: AsyncIterable<string>, shown: ShownLog, signal: AbortSignal): Promise<void> {
    try {
      for await (const line of lines) shown.add(line);
      shown.end(l10n.t("— The log ends here."));
    } catch (error) {
      if (signal.aborted) shown.end(l10n.t("— No longer followed: it was closed, or the window shows another mesh."));
      else shown.end(`— ${explainAny(error)}`);
      if (!isAbort(error)) this.#log.info("a log could not be followed", { why: error });
    } finally {
      shown.dispose();
    }
  }

  #closed(uri: Uri): void {
    const key = uri.toString();
    this.#running.get(key)?.abort();
    this.#running.delete(key);
  }
}

/** One document that lines are added to; it is drawn again at most twice a second. */
class ShownLog implements Disposable {
  readonly #documents: TextDocuments;
  readonly #uri: Uri;
  readonly #clock: Clock;
  readonly #room = new LineRoom();
  #redrawing: Disposable | undefined;

  constructor(documents: TextDocuments, uri: Uri, clock: Clock) {
    this.#documents = documents;
    this.#uri = uri;
    this.#clock = clock;
    documents.set(uri, () => this.#text());
  }

  add(line: string): void {
    this.#room.add(line);
    this.#redrawing ??= this.#clock.after(redrawMillis, () => {
      this.#redrawing = undefined;
      this.#draw();
    });
  }

  end(words: string): void {
    this.#room.add(words);
    this.#draw();
  }

  dispose(): void {
    this.#redrawing?.dispose();
  }

  #text(): string {
    const { dropped } = this.#room;
    const text = this.#room.text();
    return dropped > 0 ? `${l10n.t("— {0} earlier lines are left out.", dropped)}\n${text}` : text;
  }

  #draw(): void {
    const editors = window.visibleTextEditors.filter(
      ({ document }) => document.uri.toString() === this.#uri.toString(),
    );
    const atEnd = editors.filter(({ document, visibleRanges }) => {
      return (visibleRanges.at(-1)?.end.line ?? 0) >= document.lineCount - 2;
    });
    if (atEnd.length > 0) {
      const listening = workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.toString() !== this.#uri.toString()) return;
        listening.dispose();
        const end = new Position(document.lineCount, 0);
        for (const editor of atEnd) editor.revealRange(new Range(end, end), TextEditorRevealType.Default);
      });
      this.#clock.after(redrawMillis, () => {
        listening.dispose();
      });
    }
    this.#documents.changed(this.#uri);
  }
}
