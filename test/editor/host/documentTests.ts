import assert from "node:assert/strict";
import { commands, FileSystemError, FileType, Uri, window, workspace } from "vscode";
import { eventually } from "../../support/eventually.ts";
import { createDemoMesh } from "../../../src/sources/demo/demoMesh.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import type { HostTest } from "./hostTest.ts";

/** The document of an object of the demo mesh; authorities are the clusters' keys. */
export async function demoUri(path: string): Promise<Uri> {
  const { clusters } = createDemoMesh({ clock: systemClock });
  const cluster = clusters.find(({ context }) => context === "demo-eu");
  const identity = await cluster?.identity(new AbortController().signal);
  return Uri.from({ scheme: "foreyard", authority: identity?.key ?? "", path: `/demo-eu/${path}` });
}

const reviews = "shop/core/Service/reviews.yaml";

/** Opens the demo mesh in a view: nothing is read from a cluster that nobody looks at. */
export async function openDemo(): Promise<void> {
  await commands.executeCommand("workbench.view.extension.foreyard");
  await commands.executeCommand("foreyard.connectDemo");
}

/** The text of a live document, as soon as its cluster has answered. */
export async function readSoon(uri: Uri): Promise<string> {
  let refused: unknown;
  const bytes = await eventually(`${uri.toString()} can be read`, async () => {
    try {
      return await workspace.fs.readFile(uri);
    } catch (error) {
      refused = error;
      if (error instanceof FileSystemError && error.code === "Unavailable") return undefined;
      throw error;
    }
  }).catch((error: unknown) => {
    throw new Error(String(refused), { cause: error });
  });
  return new TextDecoder().decode(bytes);
}

async function refusal(attempt: Thenable<unknown>): Promise<unknown> {
  try {
    await attempt;
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Live objects as files (R1, R2), on the demo mesh, which the first of these opens. */
export const documentTests: readonly HostTest[] = [
  {
    name: "R1: before anything is connected a live document cannot be read, and its error says what to do",
    async run() {
      await commands.executeCommand("foreyard.disconnect");
      const error = await refusal(workspace.fs.readFile(await demoUri(reviews)));
      assert.match(String(error), /Open the Foreyard view to connect/);
    },
  },
  {
    name: "R1: a live object can be read as YAML, with a time and a size, and without what the server keeps for itself",
    async run() {
      await openDemo();
      const text = await readSoon(await demoUri(reviews));
      assert.match(text, /^apiVersion: v1\nkind: Service\n/);
      assert.match(text, /\n {2}name: reviews\n/);
      assert.doesNotMatch(text, /managedFields|last-applied/);
      const { type, size, mtime } = await workspace.fs.stat(await demoUri(reviews));
      assert.equal(type, FileType.File);
      assert.equal(size, new TextEncoder().encode(text).byteLength);
      assert.ok(mtime > 0);
      assert.equal((await workspace.fs.stat(await demoUri(reviews))).mtime, mtime);
    },
  },
  {
    name: "R2: a Secret shows its keys and none of its values",
    async run() {
      const text = await readSoon(await demoUri("istio-system/core/Secret/cacerts.yaml"));
      assert.match(text, /kind: Secret/);
      assert.match(text, /ca-key\.pem/);
      const value = Buffer.from("demo key, opens nothing").toString("base64");
      assert.ok(!text.includes(value));
      assert.ok(!text.includes(value.slice(0, 8)));
    },
  },
  {
    name: "R1: nothing can be written, renamed or deleted",
    async run() {
      const [uri, copy] = [await demoUri(reviews), await demoUri("shop/core/Service/copy.yaml")];
      assert.ok(await refusal(workspace.fs.writeFile(uri, new Uint8Array([1]))));
      assert.ok(await refusal(workspace.fs.delete(uri)));
      assert.ok(await refusal(workspace.fs.rename(uri, copy)));
      assert.match(await readSoon(await demoUri(reviews)), /name: reviews/);
    },
  },
  {
    name: "R1: an object that is not there is a file that is not there, and nonsense is too",
    async run() {
      const paths = ["/x.yaml", "/a/b/c/D/..%2f.yaml", "/demo-eu/shop/core/Service/%ZZ.yaml"];
      const nothing = await demoUri("shop/core/Service/no-such.yaml");
      const uris = [nothing, ...paths.map((path) => Uri.from({ scheme: "foreyard", path }))];
      for (const uri of uris) assert.ok(await refusal(workspace.fs.readFile(uri)), uri.path);
    },
  },
  {
    name: "R1: the document opens as YAML and cannot be edited",
    async run() {
      const document = await workspace.openTextDocument(await demoUri(reviews));
      assert.equal(document.languageId, "yaml");
      const editor = await window.showTextDocument(document);
      await commands.executeCommand("type", { text: "x" });
      assert.equal(document.isDirty, false);
      assert.equal(editor.document.getText(), await readSoon(await demoUri(reviews)));
    },
  },
  {
    name: "V6: Reveal in Foreyard of the document in front ends without a word of complaint",
    async run() {
      await window.showTextDocument(await workspace.openTextDocument(await demoUri(reviews)));
      await commands.executeCommand("foreyard.revealInTree");
    },
  },
];
