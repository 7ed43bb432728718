import assert from "node:assert/strict";
import { test } from "node:test";
import { fake } from "./support/useFakeVscode.ts";

const { DoctorDocument } = await import("../../../src/editor/resources/doctorDocument.ts");
const { doctorScheme } = await import("../../../src/editor/ids.ts");

test("O4: the diagnosis is a document of its own scheme, which nobody is asked to save, and a Markdown one", async () => {
  fake.shown.length = 0;
  const doctor = new DoctorDocument();
  await doctor.show("# one");
  assert.deepEqual(fake.shown, [{ kind: "document", text: "foreyard-doctor:///Doctor.md" }]);
  assert.equal(doctor.provideTextDocumentContent(), "# one");
  doctor.dispose();
});

test("O4: a second diagnosis takes the place of the first one, in the same document", async () => {
  fake.shown.length = 0;
  const doctor = new DoctorDocument();
  const changed: string[] = [];
  fake.contentProviders.get(doctorScheme)?.onDidChange((uri) => changed.push(uri.toString()));
  await doctor.show("# one");
  changed.length = 0;
  await doctor.show("# two");
  assert.deepEqual(changed, ["foreyard-doctor:///Doctor.md"]);
  assert.equal(doctor.provideTextDocumentContent(), "# two");
  assert.equal(new Set(fake.shown.map(({ text }) => text)).size, 1);
  doctor.dispose();
});

test("O4: a document that outlived its diagnosis says how to get a new one", () => {
  const doctor = new DoctorDocument();
  assert.match(doctor.provideTextDocumentContent(), /Run Foreyard: Doctor/);
  doctor.dispose();
});
